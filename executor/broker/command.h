/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A program's argv and environment: packed by the front into a sealed memfd,
 * read only by the process that will exec it, inside its box.
 */
#include "executor/base/err.h"
#include <stddef.h>

#define COMMAND_BYTES_MAX (1U << 20)

struct command {
	char *data;          /* owned, all strings lie in it */
	char **argv, **envp; /* owned arrays, NULL-ended */
};

/* A sealed memfd with `u32 argc, u32 envc` and the strings; the descriptor, or
 * -ERR_INVALID for an empty argv, -ERR_TOO_LARGE, -ERR_SYSTEM. */
int command_pack(const char *const *argv, const char *const *envp,
		 struct err *err);

/* Reads it back; -ERR_INVALID when it is not sealed or not well-formed. */
int command_read(int memfd, struct command *out, struct err *err);
void command_finish(struct command *p);

/*
 * Execs argv[0], looked up in the environment's PATH when it has no slash.
 * Returns only on failure: -ERR_NOT_FOUND, -ERR_FORBIDDEN (found, cannot be
 * run), -ERR_TOO_LARGE (arguments), -ERR_SYSTEM.
 */
int command_exec(const struct command *p, struct err *err);
