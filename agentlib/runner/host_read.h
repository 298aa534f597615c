/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The files of the host that a box begins with: those of a work_dir and those
 * of "SRC[:DST]" options. Lists and counts them, so that too much is refused
 * before anything starts; the executor copies them.
 */
#include "executor/base/err.h"
#include "executor/include/executor.h"
#include <stddef.h>
#include <stdint.h>

/* What the door is given, and what it will come to; zeroed is empty. End with
 * host_read_finish(). */
struct host_read {
	struct coop_file *items; /* one a folder or option; strings are owned */
	size_t count, cap;
	uint64_t bytes, files;         /* of all that is in them */
	uint64_t bytes_max, files_max; /* 0: none */
};

/*
 * Adds the regular files of `folder`, with those of its folders; links and
 * special files are left out. -ERR_TOO_LARGE beyond the limits, -ERR_NOT_FOUND
 * or -ERR_SYSTEM when something cannot be read.
 */
int host_read_folder(struct host_read *h, const char *folder, struct err *err);

/*
 * Adds "SRC[:DST]" (the last colon divides; DST is relative to /workspace, SRC
 * is a file or a folder; links are refused). err->field is "--file".
 */
int host_read_option(struct host_read *h, const char *spec, struct err *err);

/* Frees the list, keeps the limits. */
void host_read_finish(struct host_read *h);
