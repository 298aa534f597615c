/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A streamed chat completion: events in, text to the caller's function as it
 * comes, one result at the end. No sockets and no waiting of its own.
 */
#include "agentlib/core/model.h"
#include "executor/base/buf.h"
#include "executor/net/sse.h"
#include <stdbool.h>

struct openai_stream {
	struct sse sse;
	const struct model_request *req;
	const struct model_info *info;
	struct buf content, thought;
	struct openai_stream_call *calls; /* in order of their index */
	size_t call_count;
	enum finish_reason finish;
	struct usage usage;
	bool any;      /* an event came */
	bool thinking; /* a <think> was given and not closed */
	bool given;    /* text has reached the caller */
	bool finished; /* a finish_reason came */
	bool done;     /* [DONE] */
	bool callers;  /* the error is what req->chunk returned */
};

/* `req` (its chunk function) and `info` are borrowed until the end. */
void openai_stream_init(struct openai_stream *s,
			const struct model_request *req,
			const struct model_info *info);

/* Feeds bytes of the body. Errors: an event that is no JSON or reports an error
 * (-ERR_UNAVAILABLE), too large, or what req->chunk returned. */
int openai_stream_feed(struct openai_stream *s, const char *data, size_t len,
		       struct err *err);

/* At the end of the body: the result. -ERR_UNAVAILABLE when it broke off. */
int openai_stream_end(struct openai_stream *s, struct create_result *out,
		      struct err *err);
void openai_stream_finish(struct openai_stream *s);
