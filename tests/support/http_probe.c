/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what a call's callbacks say, for tests to look at afterwards. */
#include "tests/support/http_probe.h"

#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

static void on_head(void *arg, const struct http_reply *r)
{
	struct http_probe *p = arg;

	p->heads++;
	p->status = r->status;
	str_copy(p->type, sizeof(p->type), r->content_type);
	p->retry_after_ms = r->retry_after_ms;
}

static void on_body(void *arg, const char *data, size_t len)
{
	struct http_probe *p = arg;

	CHECK_INT(p->heads, 1);
	CHECK(!p->done);
	buf_add(&p->body, data, len);
	if (p->piece)
		p->piece(p);
}

static void on_done(void *arg, const struct http_reply *r, const struct err *e)
{
	struct http_probe *p = arg;

	CHECK(!p->done);
	p->done = true;
	p->call = NULL;
	p->status = r->status;
	p->permanent = r->permanent;
	p->failed = e != NULL;
	if (e)
		p->err = *e;
}

int http_probe_start(struct http_probe *p, struct http *h,
		     const struct http_request *req)
{
	struct http_events ev = { p, on_head, on_body, on_done };

	buf_init(&p->body, (size_t)256 * 1024 * 1024);
	return http_start(&p->call, h, req, &ev, &p->err);
}

void http_probe_wait(struct http_probe *p, struct loop *l)
{
	REQUIRE(loop_until(l, &p->done, deadline_in_ms(20000), NULL) == 0);
}

void http_probe_finish(struct http_probe *p)
{
	buf_finish(&p->body);
}
