/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One HTTP call of a test and what came of it. */
#include "executor/base/buf.h"
#include "executor/base/loop.h"
#include "executor/net/http.h"

struct http_probe {
	struct http_call *call;
	struct buf body;
	int heads, status;
	bool done, failed, permanent;
	char type[64];
	uint64_t retry_after_ms;
	struct err err;
	/* Called with each piece of the body; may be NULL. */
	void (*piece)(struct http_probe *p);
	void *arg;
};

/* Starts a call whose outcome goes to *p; returns http_start()'s result. */
int http_probe_start(struct http_probe *p, struct http *h,
		     const struct http_request *req);

/* Runs the loop until it is done, at most 20 s; a failure ends the test. */
void http_probe_wait(struct http_probe *p, struct loop *l);
void http_probe_finish(struct http_probe *p);
