/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A language file: what loads has all that a run needs and fills any file name
 * into its arguments whole; what does not says where.
 */
#include "executor/profile/language_file.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char other[] = "version = 1\n[language]\nfile = main.py\n"
				    "aliases = py\nsuffixes = .py\n"
				    "[run]\nargv = /usr/bin/python3 {file}\n";

	fuzz_file("languages/other.conf", other, strlen(other));
	return 0;
}

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

/* As many words as before, none of them an option made of a file's name. */
static void check_argv(char *const *argv, const char *file)
{
	static const char *const args[] = { "one", "two", NULL };
	struct language_words words = { .file = file, .out = "out" };
	char **made = language_argv(argv, &words, args);
	size_t n = count(argv);

	FUZZ_CHECK(count(made) == n + 2);
	for (size_t i = 0; i < n; i++) {
		FUZZ_CHECK(!strstr(made[i], "{file}") &&
			   !strstr(made[i], "{stem}") &&
			   !strstr(made[i], "{entry}") &&
			   !strstr(made[i], "{memory}") &&
			   !strstr(made[i], "{out}"));
		if (str_equal(argv[i], "{file}"))
			FUZZ_CHECK(str_ends(made[i], file) &&
				   made[i][0] != '-');
	}
	language_argv_free(made);
}

static void check_language(const struct language *l)
{
	FUZZ_SAME(l->name, "fuzz");
	FUZZ_CHECK(l->file && *l->file && !strchr(l->file, '/'));
	FUZZ_CHECK(l->run[0] && count(l->run) < LANGUAGE_ARGS_MAX);
	FUZZ_CHECK(count(l->compile) < LANGUAGE_ARGS_MAX);
	FUZZ_CHECK(!l->compile[0] || (l->output && l->compile[0][0] == '/'));
	FUZZ_CHECK(count(l->aliases) < LANGUAGE_NAMES_MAX);
	FUZZ_CHECK(count(l->suffixes) < LANGUAGE_NAMES_MAX);
	for (char *const *e = l->env; *e; e++)
		FUZZ_CHECK(strchr(*e, '=') > *e);
	check_argv(l->run, "-rf.py");
	check_argv(l->compile, "main.c");
}

/* The set with one language that may answer to the same names. */
static void check_set(const char *share)
{
	struct languages all = { 0 };
	const struct language *l;

	FUZZ_CHECK(languages_load(&all, share, NULL) == 0 && all.count == 2);
	FUZZ_CHECK(language_find(&all, "fuzz", NULL));
	l = language_of_file(&all, "x.py");
	FUZZ_CHECK(l == &all.items[0] || l == &all.items[1]);
	FUZZ_CHECK(language_find(&all, "other", NULL));
	languages_finish(&all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct language l = { 0 };
	struct err err = { 0 };

	fuzz_file("languages/fuzz.conf", data, size);
	if (language_load(&l, fuzz_folder(), "fuzz", &err) < 0) {
		FUZZ_CHECK(!l.name);
		fuzz_check_err(&err);
		FUZZ_CHECK(*err.field);
	} else {
		check_language(&l);
		check_set(fuzz_folder());
	}
	language_finish(&l);
	return 0;
}
