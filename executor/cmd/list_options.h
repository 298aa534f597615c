/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The options of the verbs that only show something. */
#include <stdbool.h>

struct list_options {
	const char *share;
	bool json, help;
};

/*
 * Parses; -1 to go on with *o, else the exit status: help was printed, or an
 * error. No operands are taken.
 */
int list_options_parse(struct list_options *o, int argc, char **argv,
		       const char *usage, const char *about);
