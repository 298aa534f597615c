/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One program that somebody wants to run, checked and copied: after
 * request_make() nothing of the caller's is needed any more. Knows no box.
 */
#include "executor/include/executor.h"
#include "executor/run/put.h"
#include "executor/run/source.h"
#include "executor/spec/language.h"

struct request {
	bool has_language;
	struct language language;
	char **argv;         /* of the program, in the run's box */
	char **compile_argv; /* NULL: no compile step */
	char **env;          /* "K=V" as asked for; NULL-ended */
	char *code;          /* in `sources` */
	char *code_name;     /* its file in /workspace; NULL without code */
	char *input;         /* text for standard input */
	size_t input_len;
	int input_fd;            /* own copy, or -1 */
	struct put_list sources; /* the code, and data of the files */
	struct put_list files;   /* without the code */
	struct source_roots roots;
	char **data; /* copies of the files' data; NULL-ended */
	uint64_t time_ms;
	uint64_t memory_bytes; /* of the box */
	bool merge_output;
};

/* Checks and copies. Errors carry the option's name as field. */
int request_make(struct request **out, const char *share,
		 const struct coop_exec_options *o, const struct limits *limits,
		 struct err *err);
void request_destroy(struct request *r); /* NULL is fine */
