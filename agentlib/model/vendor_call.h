/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One call of a model service, with its repetitions. */
#include "agentlib/core/model.h"
#include "executor/net/sse.h"
#include <stdbool.h>

struct buf;
struct http;
struct json;
struct vendor_config;

/* How one service speaks. */
struct vendor_wire {
	/* Appends the request's body. -ERR_INVALID, before anything is sent, for
	 * what the service or the model cannot take. */
	int (*write)(const struct vendor_config *c,
		     const struct model_request *req, struct buf *out,
		     struct err *err);
	/* Reads a whole answer into *out, to be finished in every case. */
	int (*read)(const struct json *j, const struct model_info *info,
		    struct create_result *out, struct err *err);
	sse_fn *event;       /* of a stream; its argument: vendor_stream */
	bool lines;          /* the stream is JSON lines, not events */
	const char *root;    /* what the address must be the root of */
	const char *missing; /* the remedy of a 404; NULL: the usual */
};

struct vendor_call {
	struct http *http;
	const struct vendor_config *config;
	const struct vendor_wire *wire;
	const char *url;
	const char *shown; /* the same for people, without a password */
	const char *const *headers; /* NULL-ended */
	const struct model_request *req;
};

/*
 * Asks, waits, and repeats what may be repeated. Must run on a fiber. Sets *out
 * on success. Errors: the wire's write()'s, the service's (model_error.h),
 * the connection's, the scope's; the caller's from req->chunk.
 */
int vendor_call_run(const struct vendor_call *c, struct create_result *out,
		    struct err *err);
