/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * After a program: which files of /workspace it made or changed, and each of
 * them as an open descriptor for whoever wants it.
 */
#include "executor/base/err.h"
#include "executor/spec/result.h"

struct run_box;
struct collect;

struct collect_events {
	void *arg;
	/* One changed file; fd belongs to the callee. NULL: none is opened. */
	void (*file)(void *arg, const char *path, uint64_t size, int fd);
	/* Once; the files are in the result. err: the listing failed. */
	void (*done)(void *arg, const struct err *err);
};

/* Lists, compares with what is known, fills r->files (r is borrowed until
 * `done`). After `done`, or when the box has ended: collect_destroy(). */
int collect_start(struct collect **out, struct run_box *b, struct result *r,
		  const struct collect_events *ev, struct err *err);

/* No more files are opened; `done` comes soon. */
void collect_cancel(struct collect *c);
void collect_destroy(struct collect *c); /* NULL is fine */
