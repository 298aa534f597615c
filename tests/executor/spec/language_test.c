/* SPDX-License-Identifier: Apache-2.0 */
/* Finding languages and filling their argument lines. */
#include "executor/spec/language.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

static struct language items[] = {
	{ .name = (char *)"c", .suffixes = { (char *)".c" } },
	{ .name = (char *)"c++",
	  .aliases = { (char *)"cpp" },
	  .suffixes = { (char *)".cpp", (char *)".c++" } },
	{ .name = (char *)"typed",
	  .aliases = { (char *)"tc" },
	  .suffixes = { (char *)".t.c" } },
};
static const struct languages all = { items, 3 };

static void by_name_and_alias(void)
{
	struct err err = { 0 };

	CHECK(language_find(&all, "c", &err) == &items[0]);
	CHECK(language_find(&all, "cpp", &err) == &items[1]);
	CHECK(language_find(&all, "C", &err) == NULL);
	CHECK_INT(err.code, ERR_UNKNOWN);
	CHECK_STR(err.field, "lang");
	CHECK(strstr(err.remedy, "c, c++, typed") != NULL);
	CHECK(language_find(&all, "", &err) == NULL);
	CHECK(language_find(&all, "python;rm", &err) == NULL);
}

static void by_the_longest_suffix(void)
{
	CHECK(language_of_file(&all, "a.c") == &items[0]);
	CHECK(language_of_file(&all, "a.t.c") == &items[2]);
	CHECK(language_of_file(&all, "a.c++") == &items[1]);
	CHECK(language_of_file(&all, "a.C") == NULL);
	CHECK(language_of_file(&all, "c") == NULL);
}

static void argv_is_filled(void)
{
	char *argv[] = { (char *)"/usr/bin/cc", (char *)"-o",
			 (char *)"{out}.x",     (char *)"{file}",
			 (char *)"a/{stem}.o",  (char *)"-m{memory}",
			 (char *)"{entry}",     NULL };
	const char *args[] = { "{file}", "-c", NULL };
	struct language_words words = {
		.file = "src/main.c",
		.out = "prog",
		.memory_bytes = 4096,
	};
	char **made = language_argv(argv, &words, args);

	CHECK_STR(made[0], "/usr/bin/cc");
	CHECK_STR(made[2], "prog.x");
	CHECK_STR(made[3], "src/main.c");
	CHECK_STR(made[4], "a/src/main.o");
	CHECK_STR(made[5], "-m4096");
	CHECK_STR(made[6], "main");
	CHECK_STR(made[7], "{file}"); /* arguments are the caller's own */
	CHECK_STR(made[8], "-c");
	CHECK(made[9] == NULL);
	language_argv_free(made);
}

/* What is filled in is not looked at again. */
static void an_entry_stands_for_the_stem(void)
{
	char *argv[] = { (char *)"java", (char *)"{entry}", (char *)"{file}",
			 NULL };
	struct language_words words = { .file = "{out}.x", .entry = "a.B" };
	char **made = language_argv(argv, &words, NULL);

	CHECK_STR(made[1], "a.B");
	CHECK_STR(made[2], "{out}.x");
	language_argv_free(made);
}

static void a_name_is_never_an_option(void)
{
	char *argv[] = { (char *)"python3", (char *)"{file}",
			 (char *)"{stem}.pyc", (char *)"{entry}", NULL };
	struct language_words words = { .file = "-c.py" };
	char **made = language_argv(argv, &words, NULL);

	CHECK_STR(made[1], "./-c.py");
	CHECK_STR(made[2], "./-c.pyc");
	CHECK_STR(made[3], "./-c");
	language_argv_free(made);
}

static void the_outline_names_the_file(void)
{
	static const struct {
		const char *name, *outline, *want;
	} rows[] = {
		{ NULL, "", "Main.java" },
		{ NULL, "Shape", "Shape.java" },
		{ "prog.java", "", "prog.java" },
		{ "prog.java", "Shape", "Shape.java" },
		{ "a.b/prog.java", "Shape", "a.b/Shape.java" },
		{ "noend", "Shape", "Shape" },
		{ ".hidden", "Shape", "Shape" },
	};
	struct language java = { .file = (char *)"Main.java" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct outline o = { "", "" };
		char *made;

		str_copy(o.file, sizeof(o.file), rows[i].outline);
		made = language_file_name(&java, rows[i].name, &o);
		CHECK_STR(made, rows[i].want);
		mem_free(made);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(by_name_and_alias),
		TEST(by_the_longest_suffix),
		TEST(argv_is_filled),
		TEST(an_entry_stands_for_the_stem),
		TEST(a_name_is_never_an_option),
		TEST(the_outline_names_the_file),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
