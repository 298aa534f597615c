/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Files out of a box into one folder of the host, whatever names and contents
 * the program chose: nothing is written outside of the folder, no link is
 * followed or replaced, a file appears whole or not at all.
 */
#include "executor/base/err.h"
#include <stddef.h>
#include <stdint.h>

struct host_write; /* an open folder */

/* Opens `folder`, making it (not its parents) when it is missing. NULL with
 * *err. */
struct host_write *host_write_open(const char *folder, struct err *err);
void host_write_close(struct host_write *w); /* NULL is fine */

/*
 * Copies the regular file `fd` (borrowed, read from its beginning) to `path`
 * below the folder, making folders; at most `max` bytes. -ERR_INVALID for a
 * name that cannot be, -ERR_FORBIDDEN when a link or something else than a
 * regular file stands there, -ERR_TOO_LARGE, -ERR_SYSTEM. May block on disk and
 * runs on any thread.
 */
int host_write_fd(const struct host_write *w, const char *path, int fd,
		  uint64_t max, struct err *err);

/* The same from memory. */
int host_write_data(const struct host_write *w, const char *path,
		    const char *data, size_t len, struct err *err);
