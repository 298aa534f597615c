/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The files that a program made or changed, on their way to the host: taken as
 * descriptors while the loop runs, copied on a helper thread after the program
 * has ended.
 */
#include "executor/base/buf.h"
#include "executor/base/err.h"
#include <stddef.h>
#include <stdint.h>

struct host_write;

struct jail_file {
	char *path;
	int fd;
};

struct jail_files {
	const struct host_write *dest;
	uint64_t left; /* bytes that may still be written */
	struct jail_file *items;
	size_t count, cap;
	struct buf faults; /* a line for each that could not be copied */
	unsigned fault_count;
};

/* At most `max` bytes go to `dest` (borrowed). End with jail_files_finish(). */
void jail_files_init(struct jail_files *f, const struct host_write *dest,
		     uint64_t max);

/* Takes fd. Many waiting ones would use up the process's descriptors: beyond a
 * number the oldest are copied here and now. */
void jail_files_add(struct jail_files *f, const char *path, int fd);

/* Copies what waits, on a helper thread; on a fiber. What cannot be copied is
 * told in `faults`; errors are those of fiber_offload(). */
int jail_files_copy(struct jail_files *f, struct err *err);

/* Closes and frees. */
void jail_files_finish(struct jail_files *f);
