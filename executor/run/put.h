/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Puts files into a box, one after the other, a piece at a time so that large
 * ones do not hold up the loop. What to put is decided by source.c.
 */
#include "executor/base/err.h"
#include <stddef.h>
#include <stdint.h>

struct run_box;
struct put;

struct put_item {
	char *path; /* in /workspace; owned by the list */
	unsigned mode;
	const char *data; /* from memory, borrowed … */
	size_t len;
	int fd;        /* … or from this open file (read by offset) … */
	int root;      /* … or from `rel` below this folder; -1: none */
	char *rel;     /* owned by the list */
	uint64_t size; /* as seen when the list was made */
};

/* What lies where; grows by put_list_add(). */
struct put_list {
	struct put_item *items;
	size_t count, cap;
};

/* A new item for `path`, empty, 0644; valid until the next one is added. */
struct put_item *put_list_add(struct put_list *l, const char *path);
/* Frees the list; closes no descriptor. */
void put_list_finish(struct put_list *l);

/*
 * Starts; the list is borrowed until `done`, which comes once, from the loop.
 * Between `done` and now nothing but put_cancel() may be called, unless the box
 * has ended: then put_destroy() frees at once.
 */
typedef void put_done_fn(void *arg, const struct err *err);
int put_start(struct put **out, struct run_box *b, const struct put_list *list,
	      put_done_fn *done, void *arg, struct err *err);

/* Makes `done` come soon, with ERR_CANCELLED. */
void put_cancel(struct put *p);
void put_destroy(struct put *p); /* NULL is fine */
