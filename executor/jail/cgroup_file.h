/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Small files of cgroup folders, and what both versions do alike: counting and
 * killing the processes that cgroup.procs lists.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

/* Writes text; 0 or -ERR_SYSTEM naming the file. */
int cgroup_file_write(int dir, const char *file, const char *text,
		      struct err *err);
int cgroup_file_number(int dir, const char *file, uint64_t value,
		       struct err *err);

/* The number at the start of a file; `otherwise` if it cannot be read. */
int64_t cgroup_file_read(int dir, const char *file, int64_t otherwise);

/* The number after `key ` at the start of a line; `otherwise` if none. */
int64_t cgroup_file_key(int dir, const char *file, const char *key,
			int64_t otherwise);

/* Whether the folder's cgroup.procs lists nobody. False when unreadable. */
bool cgroup_file_empty(int dir);

/*
 * Sends SIGKILL to what cgroup.procs lists. A number is only signalled through
 * a pidfd that was opened while the number still stood in the list, so a
 * number that the kernel gave to someone else meanwhile is never hit. True
 * when the list was empty. *denied (may be NULL) becomes true when we may not
 * signal one of them, else it is left alone.
 */
bool cgroup_file_kill(int dir, bool *denied);
