/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One output stream of a program: drained for as long as the program lives,
 * kept up to a limit as head and tail. Ends when the tree of processes has
 * ended, not at end of file: a grandchild that holds the pipe delays nobody.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct capture;

struct capture_events {
	void *arg;
	/* Bytes as they come, whole characters, the first `limit` bytes of
	 * them; when there were more, the marker and the tail at the end. May
	 * be NULL. */
	void (*live)(void *arg, const char *data, size_t len);
	/* Once, when the stream passes its limit. May be NULL. */
	void (*over)(void *arg);
};

/* Watches `fd` (taken over, made non-blocking), keeping `limit` bytes. Ends
 * with capture_destroy(). */
int capture_start(struct capture **out, struct loop *l, int fd, uint64_t limit,
		  const struct capture_events *ev, struct err *err);

/* The tree has ended: takes what the pipe still holds, stops watching, hands
 * the rest to `live`. Nothing is called after it. */
void capture_end(struct capture *c);

/* What was kept, after capture_end(): head, marker, tail. The caller frees by
 * mem_free(). */
char *capture_take(struct capture *c, size_t *len, bool *truncated);

/* Whether the stream has passed its limit. */
bool capture_over(const struct capture *c);

void capture_destroy(struct capture *c); /* NULL is fine */
