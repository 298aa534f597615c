/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The options that run, exec and plan share: one row each, and what they mean
 * as requests of the door.
 */
#include "executor/base/buf.h"
#include "executor/base/err.h"
#include "executor/base/options.h"
#include "executor/include/executor.h"
#include "executor/spec/limits.h"

#define RUN_OPTIONS_ROWS 40

struct run_options {
	const char *profile, *lang, *collect, *input, *network, *backend;
	const char *share;
	struct option_list files, env;
	struct limits limits;
	uint64_t tier;
	bool json, quiet, help;
	/* made from them: */
	struct coop_file *put;
	size_t put_count;
	int input_fd;
	char *name, *found; /* of the program's file; its language */
	struct buf code;
};

/* The rows; ended by a NULL name. */
void run_options_rows(struct option_row rows[RUN_OPTIONS_ROWS]);

/* Parses; *operand is the first word that is no option. */
int run_options_parse(struct run_options *o, int argc, char **argv,
		      int *operand, struct err *err);

/* What they ask of a box. */
struct coop_box_options run_options_box(const struct run_options *o);

/*
 * Fills what is common (files, variables, standard input) and the program:
 * run_options_command() a command, run_options_program() a source file or "-".
 * Borrows from `o` and argv.
 */
int run_options_command(struct run_options *o, struct coop_exec_options *out,
			char **argv, struct err *err);
int run_options_program(struct run_options *o, struct coop_exec_options *out,
			char **argv, struct err *err);

/* Frees what was made from the options, closes what was opened. */
void run_options_finish(struct run_options *o);
