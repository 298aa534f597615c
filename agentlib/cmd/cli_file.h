/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A component file on disk, or the part of it that "FILE#POINTER" names. */
#include "executor/base/err.h"

struct json;

struct cli_file {
	char *path;    /* NULL: the built-in text */
	char *pointer; /* "" is the root */
	struct json *root;
	const struct json *node; /* below root */
};

/* Reads "FILE[#POINTER]"; errors begin with its name. End with
 * cli_file_finish(). */
int cli_file_read(struct cli_file *f, const char *operand, struct err *err);

/* The same from a text of the program. */
int cli_file_text(struct cli_file *f, const char *text, struct err *err);

/* Frees; zeroed is fine. */
void cli_file_finish(struct cli_file *f);

/* All of a file (or standard input for "-") as text: UTF-8 without NUL, of at
 * most 16 MiB. The caller frees it by mem_free(); NULL with *err. */
char *cli_file_slurp(const char *path, struct err *err);
