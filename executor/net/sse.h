/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Splits a server-sent event stream (or JSON lines) into events, whatever the
 * pieces it arrives in. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
#include "executor/base/buf.h"
#include "executor/base/err.h"
#include <stdbool.h>

struct sse_event {
	const char *event; /* "message" unless named */
	const char *id;    /* "" if none */
	const char *data;  /* lines joined by \n */
};
typedef int sse_fn(void *arg, const struct sse_event *e, struct err *err);

struct sse {
	struct buf line, data, event, id;
	bool started, cr;
	bool has_data;
	sse_fn *fn;
	void *arg;
};

/* Events longer than `max` bytes are -ERR_TOO_LARGE. */
void sse_init(struct sse *s, size_t max, sse_fn *fn, void *arg);
/* Feeds bytes; calls fn for each complete event; stops at its first error. */
int sse_feed(struct sse *s, const char *data, size_t len, struct err *err);
void sse_finish(struct sse *s);

/* The same for lines: fn gets each line without its end as `data`. */
int sse_feed_lines(struct sse *s, const char *data, size_t len,
		   struct err *err);
