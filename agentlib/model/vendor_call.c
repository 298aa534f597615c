/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tries, one after the other. Each has the whole timeout: for a plain answer
 * it is the time until the answer is there, for a stream the time that may pass
 * without a byte. A stream that has given text is never repeated, because that
 * text cannot be taken back.
 */
#include "agentlib/model/vendor_call.h"

#include "agentlib/fiber/fiber.h"
#include "agentlib/model/exchange.h"
#include "agentlib/model/model_error.h"
#include "agentlib/model/retry.h"
#include "agentlib/model/vendor_config.h"
#include "agentlib/model/vendor_stream.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>
#include <sys/random.h>

#define BODY_MAX ((size_t)64 * 1024 * 1024)
#define CONNECT_MS 10000
#define DRAIN_MS 250 /* from [DONE] to the end of the body */

/* One try and what is to be known of it afterwards. */
struct attempt {
	const struct vendor_call *call;
	const struct buf *body;
	unsigned number; /* from 1 */
	struct exchange x;
	struct retry_facts facts;
};

static int collect(struct exchange *x, struct buf *into, struct err *err)
{
	int rc;

	do {
		struct buf piece = { 0 };

		rc = exchange_read(x, &piece, err);
		if (rc > 0 && buf_add(into, piece.data, piece.len) < 0)
			rc = err_set(err, ERR_TOO_LARGE,
				     "the answer exceeds %zu MB",
				     BODY_MAX >> 20);
		buf_finish(&piece);
	} while (rc > 0);
	return rc;
}

static int not_json(const struct attempt *a, const struct buf *body,
		    struct err *err)
{
	if (body->len == 0)
		err_set(err, ERR_UNAVAILABLE, "%.200s answers with nothing",
			a->call->shown);
	else
		err_set(err, ERR_UNAVAILABLE,
			"%.200s answers with something that is no JSON "
			"(content type %.60s)",
			a->call->shown, *a->x.type ? a->x.type : "not said");
	return err_try(err, "check %s: it must be the root of %s",
		       a->call->config->words->url_member, a->call->wire->root);
}

static int read_document(struct attempt *a, const struct buf *body,
			 struct create_result *out, struct err *err)
{
	_auto_json_ struct json *j = json_parse(body->data, body->len, BODY_MAX,
						NULL);
	const struct model_request *req = a->call->req;
	int rc;

	/* Asking again gives the same: it is not the network's fault. */
	a->facts.permanent = true;
	if (!j)
		return not_json(a, body, err);
	rc = a->call->wire->read(j, &a->call->config->info, out, err);
	if (rc < 0 || !req->stream || !req->chunk || !out->content)
		return rc;
	/* A service that does not know streams: the whole is one piece. */
	a->facts.given = true;
	return req->chunk(req->arg, out->content, strlen(out->content), err);
}

static int whole_answer(struct attempt *a, struct create_result *out,
			struct err *err)
{
	struct buf body;
	int rc;

	buf_init(&body, BODY_MAX);
	rc = collect(&a->x, &body, err);
	if (rc == 0)
		rc = read_document(a, &body, out, err);
	buf_finish(&body);
	return rc;
}

static int streamed_answer(struct attempt *a, struct create_result *out,
			   struct err *err)
{
	struct vendor_stream s;
	int rc;

	vendor_stream_init(&s, a->call->wire->event, a->call->req,
			   &a->call->config->info);
	s.lines = a->call->wire->lines;
	do {
		struct buf piece = { 0 };

		rc = exchange_read(&a->x, &piece, err);
		if (rc > 0) {
			int fed = vendor_stream_feed(&s, piece.data, piece.len,
						     err);

			rc = fed < 0 ? fed : s.done ? 0 : 1;
		}
		buf_finish(&piece);
	} while (rc > 0);
	if (rc == 0)
		rc = vendor_stream_end(&s, out, err);
	if (rc == 0)
		exchange_drain(&a->x, DRAIN_MS);
	a->facts.given = s.given;
	a->facts.permanent = s.callers;
	vendor_stream_finish(&s);
	return rc;
}

static int refusal(struct attempt *a, struct err *err)
{
	const struct vendor_call *c = a->call;
	struct model_error_facts f = {
		.status = a->x.status,
		.url = c->shown,
		.model = c->config->model,
		.key_source = c->config->key_source,
		.key = c->config->api_key,
		.location = a->x.location,
		.retry_after_ms = a->x.retry_after_ms,
		.tries = a->number,
		.missing = c->wire->missing,
	};
	struct buf body;
	int rc;

	buf_init(&body, BODY_MAX);
	rc = collect(&a->x, &body, err);
	if (rc == 0) {
		f.body = body.data;
		f.body_len = body.len;
		a->facts.quota = model_error_quota(body.data, body.len);
		rc = model_error_status(&f, err);
	}
	buf_finish(&body);
	return rc;
}

static int take_answer(struct attempt *a, struct create_result *out,
		       struct err *err)
{
	int rc = exchange_head(&a->x, err);

	if (rc < 0)
		return rc;
	a->facts.status = a->x.status;
	if (str_equal(a->x.advice, "true"))
		a->facts.advice = RETRY_YES;
	else if (str_equal(a->x.advice, "false"))
		a->facts.advice = RETRY_NO;
	if (a->x.status / 100 != 2)
		return refusal(a, err);
	if (a->call->req->stream &&
	    (a->call->wire->lines ||
	     !str_starts(a->x.type, "application/json")))
		return streamed_answer(a, out, err);
	return whole_answer(a, out, err);
}

/* The connection's sentence with the remedy that fits a model's config. */
static void explain(const struct vendor_config *c, struct err *err)
{
	char before[128];

	if (!err || err->code != ERR_UNAVAILABLE)
		return;
	str_copy(before, sizeof(before), err->remedy);
	err_try(err, "%s%sset %s to where the model's service is", before,
		*before ? "; or " : "",
		c->url_source ? c->url_source : c->words->url_variable);
}

static int try_once(struct attempt *a, struct create_result *out,
		    struct err *err)
{
	const struct vendor_call *c = a->call;
	uint64_t ms = c->config->timeout_ms;
	struct http_request r = {
		.url = c->url,
		.headers = c->headers,
		.body = a->body->data,
		.body_len = a->body->len,
		.connect_ms = ms < CONNECT_MS ? ms : CONNECT_MS,
		.total_ms = c->req->stream ? 0 : ms,
		.idle_ms = ms,
		.max_bytes = BODY_MAX,
	};
	int rc;

	memset(&a->facts, 0, sizeof(a->facts));
	rc = exchange_open(&a->x, c->http, &r, err);
	if (rc < 0) {
		a->facts.permanent = true;
		exchange_close(&a->x);
		return rc;
	}
	rc = take_answer(a, out, err);
	if (a->x.failed) {
		a->facts.permanent = a->facts.permanent || a->x.permanent;
		if (a->x.status == 0)
			explain(c->config, err);
	} else if (rc == -ERR_CANCELLED || rc == -ERR_TOO_LARGE ||
		   fiber_check(NULL) < 0) {
		a->facts.permanent = true;
	}
	exchange_close(&a->x);
	return rc;
}

/* Waits before the next try; negative: `err` stays as it is, or cancelled. */
static int wait_for_next(const struct attempt *a, struct err *err)
{
	uint32_t random = 0;
	uint64_t ms;

	if (getrandom(&random, sizeof(random), 0) < 0)
		random = a->number;
	ms = retry_delay_ms(a->number, a->x.retry_after_ms, random);
	if (ms == UINT64_MAX)
		return -1;
	return fiber_sleep(ms, err);
}

static int run(const struct vendor_call *c, const struct buf *body,
	       struct create_result *out, struct err *err)
{
	struct attempt a = { .call = c, .body = body };

	for (a.number = 1;; a.number++) {
		struct create_result result = { 0 };
		struct err failure = { 0 };
		int rc = try_once(&a, &result, &failure);

		if (rc == 0) {
			*out = result;
			return 0;
		}
		create_result_finish(&result);
		if (a.number <= c->config->max_retries &&
		    retry_wanted(&a.facts)) {
			struct err stopped = { 0 };
			int waited = wait_for_next(&a, &stopped);

			if (waited == 0)
				continue;
			if (stopped.code != ERR_NONE) {
				rc = waited;
				failure = stopped;
			}
		}
		if (err)
			*err = failure;
		return rc;
	}
}

int vendor_call_run(const struct vendor_call *c, struct create_result *out,
		    struct err *err)
{
	struct buf body;
	int rc = fiber_check(err);

	if (rc < 0)
		return rc;
	buf_init(&body, BODY_MAX);
	rc = c->wire->write(c->config, c->req, &body, err);
	if (rc == 0)
		rc = run(c, &body, out, err);
	buf_finish(&body);
	return rc;
}
