/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile, its parent and a set of system calls, parted by lines of "%%": what
 * loads is complete and allows nothing hostile, what does not says where.
 * fuzz-options: -max_len=2048
 */
#include "executor/profile/profile.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/filter.h"
#include "executor/profile/hostile.h"
#include "executor/profile/names.h"
#include "tests/fuzz/fuzz.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARTS 3

static void link_in(const char *name)
{
	char from[PATH_MAX], to[PATH_MAX], *real;

	snprintf(from, sizeof(from), "sandbox-profiles/%s", name);
	snprintf(to, sizeof(to), "%s/%s", fuzz_folder(), name);
	real = realpath(from, NULL);
	FUZZ_CHECK(real && symlink(real, to) == 0);
	free(real);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_file("profiles/fuzz.conf", "", 0);
	fuzz_file("syscalls/fuzz.list", "", 0);
	link_in("profiles/default.conf");
	link_in("syscalls/files.list");
	link_in("syscalls/refused.list");
	return 0;
}

static bool has_parent_step(const char *path)
{
	for (const char *p = path; (p = strstr(p, "/..")); p++)
		if (p[3] == '/' || !p[3])
			return true;
	return false;
}

static void check_env(const struct profile *p)
{
	for (size_t i = 0; i < p->env_count; i++) {
		size_t len = strcspn(p->env[i], "=");
		char *name = mem_strndup(p->env[i], len);

		FUZZ_CHECK(p->env[i][len] && str_is_identifier(name));
		for (size_t k = 0; k < i; k++)
			FUZZ_CHECK(strncmp(p->env[k], p->env[i], len + 1));
		mem_free(name);
	}
}

static void check_calls(const struct profile *p)
{
	FUZZ_CHECK(p->syscall_count > 0);
	for (size_t i = 0; i < p->syscall_count; i++) {
		const struct profile_syscall *s = &p->syscalls[i];

		FUZZ_CHECK(s->verdict != SYSCALL_ALLOW ||
			   !hostile_find(s->name));
		for (size_t k = 0; k < i; k++)
			FUZZ_CHECK(!str_equal(p->syscalls[k].name, s->name));
	}
}

static void check_profile(const struct profile *p)
{
	FUZZ_CHECK(names_valid(p->hostname));
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t def = limit_get(&p->limits.def, row);
		uint64_t max = limit_get(&p->limits.max, row);

		FUZZ_CHECK(def || str_equal(row->name, "cpu-time"));
		FUZZ_CHECK(!max || max >= def);
	}
	for (size_t i = 0; i < p->path_count; i++)
		FUZZ_CHECK(p->paths[i].path[0] == '/' &&
			   !has_parent_step(p->paths[i].path));
	check_env(p);
	check_calls(p);
}

/* Making a filter takes a thousand times longer than reading. */
static void check_filter(const struct profile *p)
{
	struct filter f = { 0 };
	struct err err = { 0 };

	if (filter_build(&f, p, &err) < 0)
		fuzz_check_err(&err);
	else
		FUZZ_CHECK(f.code && f.len > 0);
	filter_finish(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[PARTS] = { "profiles/fuzz.conf",
						  "profiles/parent.conf",
						  "syscalls/fuzz.list" };
	struct fuzz_dice dice = fuzz_dice(data, size);
	struct profile *p = NULL;
	struct err err = { 0 };

	for (int i = 0; i < PARTS; i++) {
		const uint8_t *end = i < PARTS - 1
					     ? memmem(data, size, "%%\n", 3)
					     : NULL;
		size_t len = end ? (size_t)(end - data) : size;

		fuzz_file(files[i], data, len);
		data += end ? len + 3 : len;
		size -= end ? len + 3 : len;
	}
	if (profile_load(&p, fuzz_folder(), "fuzz", &err) < 0) {
		FUZZ_CHECK(!p);
		fuzz_check_err(&err);
		FUZZ_CHECK(*err.field);
		return 0;
	}
	check_profile(p);
	if (fuzz_throw(&dice, 99) == 0)
		check_filter(p);
	profile_destroy(p);
	return 0;
}
