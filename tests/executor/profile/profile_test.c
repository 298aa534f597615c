/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles as text: the shipped ones load, wrong ones say where. Each test
 * writes its own share folder.
 */
#include "executor/profile/profile.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/language_file.h"
#include "tests/tap.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASE                                                                   \
	"version = 1\n[limits]\ntime = 1s..2s\nmemory = 1M\nprocesses = 1\n"   \
	"output = 1K\ndisk = 1K\nfiles = 1\nopen_files = 1\nstack = 1M\n"      \
	"cpus = 1..all\n[syscalls]\nallow = read write\n"

static char share[64];

static void write_file(const char *name, const char *text)
{
	_auto_free_ char *path = mem_printf("%s/%s", share, name);
	FILE *f = fopen(path, "w");

	REQUIRE(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void begin(void)
{
	static const char *const dirs[] = { "profiles", "syscalls",
					    "languages" };

	snprintf(share, sizeof(share), "/tmp/coop-profile-XXXXXX");
	REQUIRE(mkdtemp(share) != NULL);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		_auto_free_ char *path = mem_printf("%s/%s", share, dirs[i]);

		REQUIRE(mkdir(path, 0755) == 0);
	}
	write_file("profiles/base.conf", BASE);
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *ftw)
{
	return remove(path);
}

static void end(void)
{
	nftw(share, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void shipped_profiles_load(void)
{
	struct err err = { 0 };
	char **names = profile_names("sandbox-profiles", &err);
	size_t n = 0;

	REQUIRE(names != NULL);
	for (; names[n]; n++) {
		struct profile *p;

		if (!CHECK(profile_load(&p, "sandbox-profiles", names[n],
					&err) == 0)) {
			tap_note("%s: %s", err.field, err.text);
			continue;
		}
		CHECK(p->summary != NULL);
		profile_destroy(p);
	}
	CHECK(n >= 2);
	profile_names_free(names);
}

static void shipped_languages_load(void)
{
	struct languages all;
	struct language one;
	struct err err = { 0 };

	REQUIRE(languages_load(&all, "sandbox-profiles", &err) == 0);
	CHECK_INT(all.count, 16);
	CHECK(language_of_file(&all, "x.py") != NULL);
	languages_finish(&all);
	REQUIRE(language_load(&one, "sandbox-profiles", "py", &err) == 0);
	CHECK_STR(one.name, "python");
	language_finish(&one);
	CHECK_INT(language_load(&one, "sandbox-profiles", "../etc", &err),
		  -ERR_UNKNOWN);
}

static void agent_is_default_and_more(void)
{
	struct profile *d, *a;
	struct err err = { 0 };

	REQUIRE(profile_load(&d, "sandbox-profiles", "default", &err) == 0);
	REQUIRE(profile_load(&a, "sandbox-profiles", "agent", &err) == 0);
	CHECK_STR(a->parent, "default");
	CHECK_INT(a->limits.def.memory_bytes, 1 << 30);
	CHECK_INT(a->limits.def.processes, 128);
	CHECK_INT(a->syscall_count, d->syscall_count);
	CHECK_INT(a->path_count, d->path_count);
	CHECK(!str_equal(a->summary, d->summary));
	CHECK_INT(d->limits.def.memory_bytes, 256 << 20);
	CHECK_INT(d->limits.max.memory_bytes, 4ULL << 30);
	CHECK_INT(d->limits.max.cpu_milli, 0);
	profile_destroy(a);
	profile_destroy(d);
}

static const struct fault {
	const char *text;
	unsigned line; /* 0: no line, the profile as a whole */
	const char *says;
} faults[] = {
	{ "", 0, "default" },
	{ "[profile]\nsummary = x\n", 2, "version" },
	{ "version = 2\n", 1, "version 2" },
	{ "version = 1\n[profile]\nsumary = x\n", 3, "sumary" },
	{ "version = 1\n[nothing]\nx = 1\n", 3, "section" },
	{ "version = 1\nnonsense\n", 2, "key = value" },
	{ BASE "[limits]\ntime = 0\n", 15, "zero" },
	{ BASE "[limits]\ntime = 5s..1s\n", 15, "above the ceiling" },
	{ BASE "[limits]\nspeed = 5\n", 15, "not a limit" },
	{ BASE "[limits]\nmemory = -1\n", 15, "size" },
	{ BASE "[network]\nmode = host\n", 15, "none" },
	{ BASE "[files]\nread = etc\n", 15, "absolute" },
	{ BASE "[files]\nread = /usr/../etc\n", 15, "absolute" },
	{ BASE "[environment]\n1X = 2\n", 15, "variable" },
	{ BASE "[syscalls]\nallow = mount\n", 15, "hostile" },
	{ BASE "[syscalls]\nallow = bpf\n", 15, "hostile" },
	{ BASE "[syscalls]\nallow = @nothing\n", 15, "nothing" },
	{ BASE "[syscalls]\nallow = @bad\n", 15, "bad.list:2: " },
	{ BASE "[profile]\nsummary = x\ninherit = base\n", 16, "first" },
	{ BASE "inherit = no\n", 14, "first in its section" },
	{ BASE "[files]\nread = /usr\ninherit = no\n", 16, "first in its" },
	{ BASE "[files]\ninherit = yes\n", 15, "left out" },
	{ "version = 1\n[syscalls]\ninherit = no\n[profile]\ninherit = base\n",
	  5, "must stand first" },
	{ "version = 1\n[profile]\ninherit = nowhere\n", 3, "nowhere" },
	{ "version = 1\n[profile]\ninherit = ../x\n", 3, "not a known" },
	{ "version = 1\n[profile]\ninherit = wrong\n", 3, "circle" },
	{ "version = 1\n[profile]\noutput_over = maybe\n", 3, "keep or kill" },
	{ "version = 1\n[profile]\nhostname = a b\n", 3, "host name" },
};

/* The field of an error is FILE:LINE, so that an editor can jump there. */
static void faults_are_told_with_their_line(void)
{
	begin();
	write_file("syscalls/bad.list", "read\nwrite more\n");
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct err err = { 0 };
		struct profile *p;
		char place[32];

		write_file("profiles/wrong.conf", faults[i].text);
		snprintf(place, sizeof(place), "wrong.conf:%u", faults[i].line);
		if (!CHECK(profile_load(&p, share, "wrong", &err) < 0) ||
		    !CHECK(strstr(err.text, faults[i].says) ||
			   strstr(err.remedy, faults[i].says)) ||
		    !CHECK(!faults[i].line || strstr(err.field, place)))
			tap_note("%s\n#   field %s, text %s", faults[i].text,
				 err.field, err.text);
	}
	end();
}

static void later_lines_win(void)
{
	struct err err = { 0 };
	struct profile *p;

	begin();
	write_file("syscalls/few.list", "# two\nread  # again\n\nclose\n");
	write_file("profiles/child.conf",
		   "version = 1\r\n[profile]\r\ninherit = base\r\n"
		   "[limits]\r\nmemory = 2M\r\n[environment]\r\nA = 1\r\n"
		   "A = two words\r\n[syscalls]\r\neperm = @few\r\n");
	if (!CHECK(profile_load(&p, share, "child", &err) == 0)) {
		tap_note("%s: %s", err.field, err.text);
		tap_end();
	}
	CHECK_INT(p->limits.def.memory_bytes, 2 << 20);
	CHECK_INT(p->limits.max.memory_bytes, 2 << 20);
	CHECK_INT(p->limits.max.time_ms, 2000);
	CHECK_INT(p->env_count, 1);
	CHECK_STR(p->env[0], "A=two words");
	CHECK_INT(p->syscall_count, 3);
	CHECK_STR(p->syscalls[0].name, "read");
	CHECK_INT(p->syscalls[0].verdict, SYSCALL_EPERM);
	CHECK_INT(p->syscalls[1].verdict, SYSCALL_ALLOW);
	profile_destroy(p);
	end();
}

/* Sections whose lines add up can leave the parent's out. */
static void a_section_can_begin_anew(void)
{
	struct err err = { 0 };
	struct profile *p;

	begin();
	write_file("profiles/middle.conf",
		   "version = 1\n[profile]\ninherit = base\n"
		   "[files]\nread = /a\nread = /b\n");
	write_file("profiles/child.conf",
		   "version = 1\n[profile]\ninherit = middle\n"
		   "[files]\ninherit = no\nread_optional = /c\n"
		   "[syscalls]\ninherit = no\nallow = close\n");
	if (!CHECK(profile_load(&p, share, "child", &err) == 0)) {
		tap_note("%s: %s", err.field, err.text);
		tap_end();
	}
	CHECK_INT(p->path_count, 1);
	CHECK_STR(p->paths[0].path, "/c");
	CHECK_INT(p->syscall_count, 1);
	CHECK_STR(p->syscalls[0].name, "close");
	CHECK_INT(p->limits.max.time_ms, 2000);
	profile_destroy(p);
	end();
}

static void unknown_names_name_the_known(void)
{
	struct err err = { 0 };
	struct profile *p;

	begin();
	CHECK_INT(profile_load(&p, share, "bse", &err), -ERR_UNKNOWN);
	CHECK_STR(err.field, "profile");
	CHECK(strstr(err.remedy, "base") != NULL);
	CHECK_INT(profile_load(&p, share, "../profiles/base", &err),
		  -ERR_UNKNOWN);
	CHECK_INT(profile_load(&p, "/nowhere", "base", &err), -ERR_SYSTEM);
	end();
}

static const struct fault language_faults[] = {
	{ "[language]\nfile = x\n", 0, "argv" },
	{ "[run]\nargv = x\n", 0, "file" },
	{ "[language]\nfile = a/b\n[run]\nargv = x\n", 0, "file" },
	{ "[language]\nfiel = x\n", 2, "fiel" },
	{ "[language]\nfile = x\n[run]\nargv = x\n[compile]\nargv = /c\n", 0,
	  "output" },
	{ "[language]\nfile = x\nfile = y\n", 3, "twice" },
	{ "[language]\nfile =\n", 2, "empty" },
	{ "[language]\nfile = ..\n[run]\nargv = x\n", 0, "file" },
	{ "[language]\nfile = x\n[run]\nargv = x\n[compile]\nargv = /c\n"
	  "output = ../x\n",
	  0, "output" },
	{ "[language]\nfile = x\n[run]\nargv = x\n[compile]\nargv = /c\n"
	  "output = /x\n",
	  0, "output" },
	{ "[language]\nfile = x\n[run]\nargv = x\n[support]\nfile = a\n", 0,
	  "text in [support]" },
	{ "[language]\nfile = x\n[run]\nargv = x\n[support]\ntext = a\n", 0,
	  "text in [support]" },
	{ "[language]\nfile = x\n[run]\nargv = x\n[support]\ntext = a\n"
	  "file = a/b\n",
	  0, "text in [support]" },
	{ "[outline]\nfile = a\nfile = b\n", 3, "twice" },
	{ "[outline]\nmain = a\n", 2, "main" },
	{ "[compile.environment]\nA-B = c\n", 2, "A-B" },
	{ "[limits]\ntime = x\n", 2, "time" },
};

static void wrong_languages_are_told(void)
{
	begin();
	for (size_t i = 0; i < ARRAY_LEN(language_faults); i++) {
		const struct fault *f = &language_faults[i];
		struct err err = { 0 };
		struct language l;
		char place[32] = "wrong.conf";

		write_file("languages/wrong.conf", f->text);
		if (f->line)
			snprintf(place, sizeof(place), "wrong.conf:%u",
				 f->line);
		if (!CHECK(language_load(&l, share, "wrong", &err) < 0) ||
		    !CHECK(strstr(err.text, f->says) != NULL) ||
		    !CHECK(strstr(err.field, place) != NULL))
			tap_note("%s\n#   field %s, text %s", f->text,
				 err.field, err.text);
	}
	end();
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(shipped_profiles_load),
		TEST(shipped_languages_load),
		TEST(agent_is_default_and_more),
		TEST(faults_are_told_with_their_line),
		TEST(later_lines_win),
		TEST(a_section_can_begin_anew),
		TEST(unknown_names_name_the_known),
		TEST(wrong_languages_are_told),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
