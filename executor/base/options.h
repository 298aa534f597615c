/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Command lines from rows. A program gives one table; parsing, ranges, help
 * text and manual pages come from the row. Nothing here prints.
 *
 * Grammar: --name VALUE, --name=VALUE, -x VALUE, flags, "--" ends options,
 * options end at the first operand. An unknown option is ERR_UNKNOWN with the
 * nearest name as remedy.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_STRING, /* const char *, pointing into argv */
	OPTION_LIST,   /* struct option_list: may repeat */
	OPTION_UINT,   /* uint64_t in min..max */
	OPTION_SIZE,   /* uint64_t bytes in min..max */
	OPTION_TIME,   /* uint64_t milliseconds in min..max */
	OPTION_MILLI   /* uint64_t thousandths in min..max ("1.5") */
};

struct option_list {
	const char **items; /* array is freed by option_list_finish() */
	size_t count;
};

struct option_row {
	const char *name; /* without dashes */
	char letter;      /* 0 if none */
	enum option_kind kind;
	size_t offset;     /* of the target in the options struct */
	const char *value; /* "DIR", "10s", … in help; NULL for flags */
	const char *help;  /* one sentence, no full stop */
	uint64_t min, max; /* for numbers; 0,0 means 1..UINT64_MAX */
};

/*
 * Reads argv[1..argc) into the struct at `target` (zeroed by the caller) by
 * `rows` (ended by a NULL name). *operands gets the index of the first operand
 * (argc if none). On failure err->field is "--name", and the target holds what
 * was read before: its lists are finished by the caller all the same.
 */
int options_parse(const struct option_row *rows, void *target, int argc,
		  char *const *argv, int *operands, struct err *err);

/* Appends the rows as aligned help lines. */
void options_help(const struct option_row *rows, struct buf *out);

/* Frees the array, not the texts, which are argv's; NULL is fine. */
void option_list_finish(struct option_list *l);
