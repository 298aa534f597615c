/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the loop's callbacks, which only note what came, and the fiber, which
 * takes it when it runs. Knows nothing of models.
 */
#include "agentlib/model/exchange.h"

#include "agentlib/fiber/engine.h"
#include "executor/base/str.h"

#include <string.h>

#define PENDING_MAX ((size_t)64 * 1024 * 1024)

static void on_head(void *arg, const struct http_reply *r)
{
	struct exchange *x = arg;
	const char *advice = http_reply_header(r, "x-should-retry");
	const char *location = http_reply_header(r, "location");

	x->status = r->status;
	x->retry_after_ms = r->retry_after_ms;
	str_copy(x->type, sizeof(x->type), r->content_type);
	str_copy(x->advice, sizeof(x->advice), advice ? advice : "");
	str_copy(x->location, sizeof(x->location), location ? location : "");
	wait_wake(&x->wait);
}

static void end(struct exchange *x, const struct err *e)
{
	x->ended = true;
	x->call = NULL;
	if (e) {
		x->failed = true;
		x->err = *e;
	}
	wait_wake(&x->wait);
}

static void on_body(void *arg, const char *data, size_t len)
{
	struct exchange *x = arg;
	struct err err;

	if (buf_add(&x->in, data, len) < 0) {
		err_set(&err, ERR_TOO_LARGE,
			"a reply comes faster than it is read");
		x->permanent = true;
		http_cancel(x->call);
		end(x, &err);
		return;
	}
	wait_wake(&x->wait);
}

static void on_done(void *arg, const struct http_reply *r, const struct err *e)
{
	struct exchange *x = arg;

	x->permanent = r->permanent;
	end(x, e);
}

int exchange_open(struct exchange *x, struct http *h,
		  const struct http_request *req, struct err *err)
{
	struct http_events ev = { x, on_head, on_body, on_done };

	memset(x, 0, sizeof(*x));
	wait_init(&x->wait, "answer of a model service");
	buf_init(&x->in, PENDING_MAX);
	x->retry_after_ms = UINT64_MAX;
	return http_start(&x->call, h, req, &ev, err);
}

static int failure(const struct exchange *x, struct err *err)
{
	if (err)
		*err = x->err;
	return -(int)x->err.code;
}

int exchange_read(struct exchange *x, struct buf *piece, struct err *err)
{
	while (x->in.len == 0 && !x->ended) {
		int rc = fiber_wait(&x->wait, DEADLINE_NEVER, err);

		if (rc < 0)
			return rc;
	}
	if (x->in.len > 0) {
		buf_finish(piece);
		*piece = x->in;
		buf_init(&x->in, PENDING_MAX);
		return 1;
	}
	return x->failed ? failure(x, err) : 0;
}

int exchange_head(struct exchange *x, struct err *err)
{
	while (x->status == 0 && !x->ended) {
		int rc = fiber_wait(&x->wait, DEADLINE_NEVER, err);

		if (rc < 0)
			return rc;
	}
	if (x->status == 0)
		return failure(x, err);
	return 0;
}

void exchange_drain(struct exchange *x, uint64_t ms)
{
	struct deadline d = engine_in_ms(fiber_engine(), ms);

	while (!x->ended && fiber_wait(&x->wait, d, NULL) == 0)
		buf_clear(&x->in);
}

void exchange_close(struct exchange *x)
{
	http_cancel(x->call);
	x->call = NULL;
	buf_finish(&x->in);
}
