/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox-profiles/README.md against what the programs read: a key, a limit, a
 * profile or a set that is there and not described fails, and so does one that
 * is described and not there, or described with another value.
 */
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/language_file.h"
#include "executor/profile/names.h"
#include "executor/profile/profile.h"
#include "executor/profile/syscall_set.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHARE "sandbox-profiles"
#define CELLS 12
#define ROWS 64
#define RANGE 80

/* A row of a table; an empty first cell is that of the row above. */
struct row {
	char *cells[CELLS];
	size_t count;
};

struct table {
	char *text;
	struct row rows[ROWS];
	size_t count;
};

/* "`code`" without its ticks; other text as it is. */
static char *plain(char *cell)
{
	size_t len;

	cell = str_trim(cell);
	len = strlen(cell);
	if (len >= 2 && cell[0] == '`' &&
	    strchr(cell + 1, '`') == cell + len - 1) {
		cell[len - 1] = '\0';
		return cell + 1;
	}
	return cell;
}

static void add_row(struct table *t, char *line)
{
	struct row *row = &t->rows[t->count];
	char *cell;

	REQUIRE(t->count < ROWS);
	line++; /* the first | */
	while ((cell = strsep(&line, "|")) && line) {
		REQUIRE(row->count < CELLS);
		row->cells[row->count++] = plain(cell);
	}
	if (t->count && !*row->cells[0])
		row->cells[0] = t->rows[t->count - 1].cells[0];
	t->count++;
}

/* The first table after `heading` whose head begins with `head`. */
static struct table read_table(const char *heading, const char *head)
{
	struct table t = { 0 };
	struct buf text;
	char *at, *line;
	bool inside = false;

	buf_init(&text, 1024 * 1024);
	REQUIRE(fd_slurp_path(AT_FDCWD, SHARE "/README.md", &text, NULL) == 0);
	t.text = buf_take(&text);
	at = strstr(t.text, heading);
	REQUIRE(at != NULL);
	while ((line = strsep(&at, "\n"))) {
		if (!inside)
			inside = str_starts(line, head);
		else if (*line != '|')
			break;
		else if (!str_starts(line, "|-"))
			add_row(&t, line);
	}
	REQUIRE(t.count > 0);
	return t;
}

static const char *cell(const struct table *t, size_t row, size_t n)
{
	return n < t->rows[row].count ? t->rows[row].cells[n] : "";
}

static bool has(const struct table *t, const char *first, const char *second)
{
	for (size_t i = 0; i < t->count; i++)
		if (str_equal(cell(t, i, 0), first) &&
		    (!second || str_equal(cell(t, i, 1), second)))
			return true;
	return false;
}

typedef bool key_fn(size_t i, const char **section, const char **key);

static bool is_known(key_fn *key_at, const char *section, const char *key)
{
	const char *s, *k;

	for (size_t i = 0; key_at(i, &s, &k); i++)
		if (str_equal(s, section) && str_equal(k, key))
			return true;
	return false;
}

static bool is_free(const char *key)
{
	return str_equal(key, "any name") || str_equal(key, "a limit's name");
}

/* Both ways: what is read is described, what is described is read. */
static void compare_keys(const char *heading, key_fn *key_at)
{
	struct table t = read_table(heading, "| section | key |");
	const char *section, *key;

	for (size_t i = 0; key_at(i, &section, &key); i++)
		if (!CHECK(has(&t, section, key)))
			tap_note("[%s] %s is not described", section, key);
	for (size_t i = 0; i < t.count; i++) {
		section = cell(&t, i, 0);
		key = cell(&t, i, 1);
		if (!CHECK(is_free(key) || str_equal(key, "version") ||
			   is_known(key_at, section, key)))
			tap_note("[%s] %s is not read", section, key);
		if (!CHECK(*cell(&t, i, 2) && strlen(cell(&t, i, 3)) > 1))
			tap_note("[%s] %s: no default or no reason", section,
				 key);
	}
	mem_free(t.text);
}

static void keys_of_profiles(void)
{
	compare_keys("## profiles/NAME.conf", profile_key_at);
}

static void keys_of_languages(void)
{
	compare_keys("## languages/NAME.conf", language_key_at);
}

static char share[64];

static void put(const char *name, const char *text)
{
	_auto_free_ char *path = mem_printf("%s/%s", share, name);
	FILE *f = fopen(path, "w");

	REQUIRE(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* Sections with free names are in no table of the parser's, so they are tried. */
static void sections_with_free_names(void)
{
	struct table p = read_table("## profiles/NAME.conf", "| section |");
	struct table l = read_table("## languages/NAME.conf", "| section |");
	struct language lang;
	struct err err = { 0 };

	CHECK(has(&p, "limits", "a limit's name"));
	CHECK(has(&p, "environment", "any name"));
	CHECK(has(&l, "limits", "a limit's name"));
	CHECK(has(&l, "environment", "any name"));
	CHECK(has(&l, "compile.limits", "a limit's name"));
	CHECK(has(&l, "compile.environment", "any name"));

	snprintf(share, sizeof(share), "/tmp/coop-readme-XXXXXX");
	REQUIRE(mkdtemp(share) != NULL);
	_auto_free_ char *folder = mem_printf("%s/languages", share);
	_auto_free_ char *path = mem_printf("%s/a.conf", folder);
	REQUIRE(mkdir(folder, 0700) == 0);
	put("languages/a.conf",
	    "[language]\nfile = a\n[run]\nargv = /a\n[limits]\ntime = 1\n"
	    "[compile.limits]\nopen_files = 1\n[environment]\nA = 1\n"
	    "[compile.environment]\nB = 1\n");
	if (CHECK(language_load(&lang, share, "a", &err) == 0))
		language_finish(&lang);
	else
		tap_note("%s: %s", err.field, err.text);
	unlink(path);
	rmdir(folder);
	rmdir(share);
	mem_free(p.text);
	mem_free(l.text);
}

/* "10s..10m" as files write it; "" where the profile gives none. */
static const char *range(const struct profile *p, const char *name,
			 char buf[RANGE])
{
	const struct limit_row *row = limit_find(name);
	uint64_t def, max;
	char one[32], two[32];

	REQUIRE(row != NULL);
	def = limit_get(&p->limits.def, row);
	max = limit_get(&p->limits.max, row);
	limit_format(row, def, one, sizeof(one));
	limit_format(row, max, two, sizeof(two));
	snprintf(buf, RANGE, "%s..%s", one, max ? two : "all");
	return def ? buf : "";
}

/* Compares ranges by value: "10m" and "600s" are one. */
static bool same_range(const struct limit_row *row, const char *said,
		       const char *is)
{
	char a[RANGE], b[RANGE], *end_a, *end_b;
	uint64_t x = 0, y = 0;

	str_copy(a, sizeof(a), said);
	str_copy(b, sizeof(b), is);
	end_a = strstr(a, "..");
	end_b = strstr(b, "..");
	if (!end_a || !end_b)
		return str_equal(a, b);
	*end_a = *end_b = '\0';
	if (limit_parse(row, a, &x, NULL) || limit_parse(row, b, &y, NULL) ||
	    x != y)
		return false;
	if (str_equal(end_a + 2, "all") || str_equal(end_b + 2, "all"))
		return str_equal(end_a + 2, end_b + 2);
	return !limit_parse(row, end_a + 2, &x, NULL) &&
	       !limit_parse(row, end_b + 2, &y, NULL) && x == y;
}

static struct profile *load(const char *name)
{
	struct err err = { 0 };
	struct profile *p;

	if (!CHECK(profile_load(&p, SHARE, name, &err) == 0)) {
		tap_note("%s: %s: %s", name, err.field, err.text);
		tap_end();
	}
	return p;
}

static void limits_of_default(void)
{
	struct table t = read_table("### Limits", "| limit |");
	struct profile *p = load("default");
	char is[RANGE];
	size_t n = 0;

	for (const struct limit_row *r = limit_rows; r->name; r++)
		n++;
	CHECK_INT(t.count, n);
	for (size_t i = 0; i < t.count; i++) {
		const char *name = cell(&t, i, 0);

		if (!CHECK(!strchr(name, '-')) ||
		    !CHECK(same_range(limit_find(name), cell(&t, i, 1),
				      range(p, name, is))))
			tap_note("%s: %s said, %s is", name, cell(&t, i, 1),
				 is);
	}
	profile_destroy(p);
	mem_free(t.text);
}

static void check_profile(const struct table *t, size_t i)
{
	static const char *const limits[] = { "time", "memory", "processes",
					      "disk" };
	struct profile *p = load(cell(t, i, 0));
	char is[RANGE];

	CHECK_STR(cell(t, i, 1), p->parent);
	for (size_t k = 0; k < ARRAY_LEN(limits); k++)
		if (!CHECK(same_range(limit_find(limits[k]), cell(t, i, 2 + k),
				      range(p, limits[k], is))))
			tap_note("%s %s: %s said, %s is", p->name, limits[k],
				 cell(t, i, 2 + k), is);
	CHECK_STR(cell(t, i, 7), p->network.open ? "allow" : "none");
	CHECK(strlen(cell(t, i, 8)) > 1);
	profile_destroy(p);
}

static void every_profile(void)
{
	struct table t = read_table("### The profiles", "| profile |");
	char **names = profile_names(SHARE, NULL);

	REQUIRE(names != NULL);
	for (size_t i = 0; names[i]; i++)
		if (!CHECK(has(&t, names[i], NULL)))
			tap_note("%s is not described", names[i]);
	for (size_t i = 0; i < t.count; i++)
		check_profile(&t, i);
	profile_names_free(names);
	mem_free(t.text);
}

static int count_one(void *arg, const char *name, struct err *err)
{
	(*(size_t *)arg)++;
	return 0;
}

static void every_set(void)
{
	struct table t = read_table("## syscalls/NAME.list", "| set |");
	char **names = names_list(SHARE, "syscalls", ".list", NULL);

	REQUIRE(names != NULL);
	for (size_t i = 0; names[i]; i++)
		if (!CHECK(has(&t, names[i], NULL)))
			tap_note("@%s is not described", names[i]);
	for (size_t i = 0; i < t.count; i++) {
		size_t n = 0;
		char is[16];

		CHECK(syscall_set_read(SHARE, cell(&t, i, 0), count_one, &n,
				       NULL) == 0);
		snprintf(is, sizeof(is), "%zu", n);
		if (!CHECK_STR(cell(&t, i, 1), is))
			tap_note("@%s", cell(&t, i, 0));
	}
	names_free(names);
	mem_free(t.text);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(keys_of_profiles),
		TEST(keys_of_languages),
		TEST(sections_with_free_names),
		TEST(limits_of_default),
		TEST(every_profile),
		TEST(every_set),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
