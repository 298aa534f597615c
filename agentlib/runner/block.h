/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * From a fenced block to a program: its language, the name of its file, its
 * text with pip made silent. Pure text, no system calls; what runs it is jail.c.
 */
#include "agentlib/core/code_executor.h"
#include "executor/base/err.h"
#include <stdbool.h>

struct block_program {
	const char *language; /* as the executor names it; a literal */
	char *filename;       /* relative to /workspace, no ".." */
	bool named;           /* the block said so by "# filename: NAME" */
	char *code;
};

/*
 * Reads one block. Where it cannot be a program (unknown language, a file name
 * outside of the workspace) returns false and sets *refusal to the sentence
 * that AutoGen answers with exit code 1; the caller frees it by mem_free().
 * Otherwise fills *out, which ends with block_finish().
 */
bool block_read(const struct code_block *b, struct block_program *out,
		char **refusal);

void block_finish(struct block_program *p); /* zeroed or NULL is fine */

/* NAME below /workspace without ".", ".." and empty parts; absolute names must
 * lie in /workspace. NULL when it leaves it or is no file name. mem_free(). */
char *block_path(const char *name);
