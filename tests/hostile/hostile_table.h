/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The table of hostile cases: text in the project's settings format, a section
 * per case, read into rows of strings. Knows which keys exist, not what they
 * mean; README.md of this folder documents them.
 */
#include "executor/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum hostile_key {
	KEY_PROGRAM,   /* a file of cases/, for `coop run` */
	KEY_COMMAND,   /* words, for `coop exec` */
	KEY_OPTIONS,   /* words before the program */
	KEY_ARG,       /* one argument each */
	KEY_EACH,      /* the row once per value, which is ${each} */
	KEY_INPUT,     /* text for standard input */
	KEY_STATUS,    /* one of these words; else ok */
	KEY_EXIT,      /* of `coop`; else 0 */
	KEY_CODE,      /* the error's code: coop refuses */
	KEY_FIELD,     /* the error's field */
	KEY_REASON,    /* must be among the reasons */
	KEY_PRINT,     /* regex, must match standard output */
	KEY_COMPLAIN,  /* regex, must match standard error */
	KEY_NEVER,     /* regex, must match neither; BROKEN never may */
	KEY_HELD,      /* at least so many walls were tried and held */
	KEY_TRUNCATED, /* words: stdout, stderr */
	KEY_LEAST,     /* NAME NUMBER of the result */
	KEY_MOST,      /* NAME NUMBER of the result */
	KEY_FILES,     /* words: exactly these are created or changed */
	KEY_COLLECTED, /* words: exactly these are in the collected folder */
	KEY_DENIED,    /* the denied system call */
	KEY_HOST,      /* words: memory, swap */
	KEY_NEEDS,     /* words: walls without which the row is senseless */
	KEY_WHEN,      /* fast: part of `make check` */
	KEY_TODO,      /* known to be wrong, with the reason */
	KEY_DO,        /* words: twice, tty, collect, fill */
	KEY_DEADLINE,  /* for the whole case; else 60s */
	KEY_COVERED,   /* nothing runs: the case stands in this file */
	KEY_PLANT,     /* what the runner itself leaves behind (self-test) */
	KEY_FAILS,     /* regex: the row must fail, saying this (self-test) */
	KEY_COUNT
};

struct hostile_values {
	char **items;
	size_t count;
};

struct hostile_row {
	char *name;
	struct hostile_values values[KEY_COUNT];
};

struct hostile_table {
	struct hostile_row *rows;
	size_t count;
};

/* Reads a table; 0, or negative with *err ("table.txt:12: …"). Ends with
 * hostile_table_finish() in both cases. */
int hostile_table_load(struct hostile_table *t, const char *path,
		       struct err *err);

/* Frees what load took. */
void hostile_table_finish(struct hostile_table *t);

/* The key's only value, or NULL. */
const char *hostile_value(const struct hostile_row *r, enum hostile_key key);

/* Whether `word` is one of the blank-separated words of the key's values. */
bool hostile_says(const struct hostile_row *r, enum hostile_key key,
		  const char *word);

/* Number of the case: 1 to 72, or 0. */
unsigned hostile_number(const struct hostile_row *r);

/* The text of a time, as a row gives it, on a machine as slow as this one
 * (tests/tap.h), but within every profile; what is no time stays. The caller's
 * to free. */
char *hostile_time(const char *text);
