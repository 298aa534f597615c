/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The command line of coop-team: one struct, one table of rows a verb. */
#include "executor/base/err.h"
#include "executor/base/options.h"
#include <stdbool.h>
#include <stdint.h>

struct buf;

struct cli_options {
	const char *file; /* operand "FILE[#POINTER]"; NULL: the built-in pair */
	const char *task; /* text, or "-" */
	struct option_list files;
	const char *collect, *model, *base_url, *backend, *profile;
	uint64_t max_turns, time_ms;
	const char *input, *state;
	bool json, quiet, help;
};

struct cli_verb {
	const char *name;
	const char *usage;   /* after "coop team " */
	const char *summary; /* one line */
	const struct option_row *rows;
	unsigned operands; /* at most */
	bool operand_needed;
};

/* The verbs, ended by a NULL name. */
extern const struct cli_verb cli_verbs[];

/* The verb of that name; NULL with ERR_UNKNOWN. */
const struct cli_verb *cli_verb_find(const char *name, struct err *err);

/*
 * Reads argv[1..argc): options and the operand in any order. Strings point
 * into argv. End with cli_options_finish().
 */
int cli_options_parse(const struct cli_verb *verb, int argc, char *const *argv,
		      struct cli_options *out, struct err *err);

/* Frees the lists; zeroed is fine. */
void cli_options_finish(struct cli_options *o);

/* Appends help of one verb; NULL: of all. */
void cli_help(const struct cli_verb *verb, struct buf *out);
