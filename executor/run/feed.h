/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Standard input of a program, always through a pipe: text from memory, or
 * copied from a descriptor that the program itself never sees.
 */
#include "executor/base/err.h"
#include <stddef.h>

struct loop;
struct feed;

struct feed_source {
	const char *data; /* NULL: take `fd`; borrowed until feed_destroy() */
	size_t len;
	int fd; /* -1 with data NULL: empty input; borrowed */
};

/* Makes the pipe and starts copying. *read_end is for the program; it belongs
 * to the feed, which keeps it open so that no write raises SIGPIPE. */
int feed_start(struct feed **out, struct loop *l, const struct feed_source *s,
	       int *read_end, struct err *err);

void feed_destroy(struct feed *f); /* NULL is fine */
