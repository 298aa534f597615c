/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * From files and folders of the host to a list of what to put into a box.
 * Opens and checks everything now, so that a missing, unreadable, too large or
 * linked file is an error before anything runs. Copies nothing: put.c does.
 */
#include "executor/include/executor.h"
#include "executor/run/put.h"

#define SOURCE_ROOTS_MAX 256

/* The descriptors that a list refers to; at most one for each coop_file. */
struct source_roots {
	int fds[SOURCE_ROOTS_MAX];
	size_t count;
};

struct source_bounds {
	uint64_t bytes, files; /* that fit into the box; 0: no bound */
};

/* Adds one file, or a folder with all below it. -ERR_INVALID, -ERR_NOT_FOUND,
 * -ERR_TOO_LARGE with the field "file". */
int source_add(struct put_list *list, struct source_roots *roots,
	       const struct coop_file *file, const struct source_bounds *bounds,
	       struct err *err);

/* Closes them all. */
void source_roots_finish(struct source_roots *roots);
