/* SPDX-License-Identifier: Apache-2.0 */
/* Finding languages and filling their argument lines. */
#include "executor/spec/language.h"

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
	char *argv[] = { (char *)"/usr/bin/cc", (char *)"-o", (char *)"{out}.x",
			 (char *)"{file}", NULL };
	const char *args[] = { "{file}", "-c", NULL };
	char **made = language_argv(argv, "main.c", "prog", args);

	CHECK_STR(made[0], "/usr/bin/cc");
	CHECK_STR(made[2], "prog.x");
	CHECK_STR(made[3], "main.c");
	CHECK_STR(made[4], "{file}"); /* arguments are the caller's own */
	CHECK_STR(made[5], "-c");
	CHECK(made[6] == NULL);
	language_argv_free(made);
}

static void a_name_is_never_an_option(void)
{
	char *argv[] = { (char *)"python3", (char *)"{file}", NULL };
	char **made = language_argv(argv, "-c", NULL, NULL);

	CHECK_STR(made[1], "./-c");
	language_argv_free(made);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(by_name_and_alias),
		TEST(by_the_longest_suffix),
		TEST(argv_is_filled),
		TEST(a_name_is_never_an_option),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
