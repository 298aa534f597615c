/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A streamed answer: events in, text to the caller's function as it comes, one
 * result at the end. No sockets and no waiting of its own. What the events mean
 * is the wire's business, which calls vendor_stream_text() and its like.
 */
#include "agentlib/core/model.h"
#include "executor/base/buf.h"
#include "executor/net/sse.h"
#include <stdbool.h>
#include <stdint.h>

struct json;

struct vendor_stream_call {
	int64_t index;
	char *id, *name;
	struct buf arguments;
};

struct vendor_stream {
	struct sse sse;
	bool lines; /* JSON lines, not events */
	const struct model_request *req;
	const struct model_info *info;
	struct buf content, thought;
	struct vendor_stream_call *calls; /* in order of their index */
	size_t call_count;
	enum finish_reason finish;
	struct usage usage;
	bool any;      /* an event came */
	bool thinking; /* a <think> was given and not closed */
	bool given;    /* text has reached the caller */
	bool finished; /* a reason to finish came */
	bool done;     /* nothing comes after */
	bool callers;  /* the error is what req->chunk returned */
};

/* `event` is called for each event with the stream; `req` (its chunk function)
 * and `info` are borrowed until the end. */
void vendor_stream_init(struct vendor_stream *s, sse_fn *event,
			const struct model_request *req,
			const struct model_info *info);

/* Feeds bytes of the body. Errors: what the events' function found, too large,
 * or what req->chunk returned. */
int vendor_stream_feed(struct vendor_stream *s, const char *data, size_t len,
		       struct err *err);

/* At the end of the body: the result. -ERR_UNAVAILABLE when it broke off. */
int vendor_stream_end(struct vendor_stream *s, struct create_result *out,
		      struct err *err);
void vendor_stream_finish(struct vendor_stream *s);

/* ---- for the wires ---- */

/* The event's JSON, to be destroyed; NULL with -ERR_UNAVAILABLE in *err. */
struct json *vendor_stream_json(const char *data, struct err *err);

/* Pieces of text and of thought; NULL and "" do nothing. Errors: too large, or
 * the caller's. */
int vendor_stream_text(struct vendor_stream *s, const char *text,
		       struct err *err);
int vendor_stream_thought(struct vendor_stream *s, const char *text,
			  struct err *err);

/* The call of that index, made at need; NULL with *err: too many. */
struct vendor_stream_call *vendor_stream_call(struct vendor_stream *s,
					      int64_t index, struct err *err);
/* Sets what the call lacks still; NULL and "" do nothing. */
void vendor_stream_call_is(struct vendor_stream_call *c, const char *id,
			   const char *name);
/* Appends a piece of text, or an object's. */
int vendor_stream_arguments(struct vendor_stream_call *c, const struct json *j,
			    struct err *err);
