/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One call of a chat completions service, with its repetitions. */
#include "agentlib/core/model.h"
#include "executor/base/buf.h"

struct http;
struct openai_config;

struct openai_call {
	struct http *http;
	const struct openai_config *config;
	const char *url;   /* …/chat/completions */
	const char *shown; /* the same for people, without a password */
	const char *const *headers; /* NULL-ended */
	const struct model_request *req;
};

/*
 * Asks, waits, and repeats what may be repeated. Must run on a fiber. Sets *out
 * on success. Errors: openai_request_write()'s, the service's (model_error.h),
 * the connection's, the scope's; the caller's from req->chunk.
 */
int openai_call_run(const struct openai_call *c, struct create_result *out,
		    struct err *err);
