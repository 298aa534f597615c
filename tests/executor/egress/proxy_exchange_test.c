/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies, replies, and whole exchanges between two sides without sockets. */
#include "executor/egress/proxy_exchange.h"

#include "executor/base/mem.h"
#include "executor/egress/proxy_reply.h"
#include "executor/egress/proxy_tunnel.h"
#include "tests/tap.h"

#include <string.h>

/* ---- bodies ---- */

static void chunks(void)
{
	static const struct {
		const char *text;
		int end; /* bytes of the body; -1 malformed, 0 not ended */
	} rows[] = {
		{ "0\r\n\r\n", 5 },
		{ "5\r\nhello\r\n0\r\n\r\n", 15 },
		{ "5\r\nhello\r\n0\r\n\r\nGET /", 15 },
		{ "A\r\n0123456789\r\n0\r\n\r\n", 20 },
		{ "a\r\n0123456789\r\n0\r\n\r\n", 20 },
		{ "05\r\nhello\r\n00\r\n\r\n", 17 },
		{ "5;x=\"y\"\r\nhello\r\n0\r\n\r\n", 21 },
		{ "0\r\nA: b\r\nC: d\r\n\r\n", 17 },
		{ "5\r\nhel", 0 },
		{ "0\r\n", 0 },
		{ "\r\n", -1 },
		{ ";x\r\n", -1 },
		{ "0x5\r\nhello\r\n", -1 },
		{ "-5\r\n", -1 },
		{ " 5\r\nhello\r\n", -1 },
		{ "5 \r\nhello\r\n", -1 },
		{ "5\nhello\n0\n\n", -1 },
		{ "5\rhello", -1 },
		{ "5\r\nhelloX0\r\n\r\n", -1 },
		{ "5\r\nhello\n0\r\n\r\n", -1 },
		{ "5;a\nb\r\nhello\r\n0\r\n\r\n", -1 },
		{ "1000000000000\r\n", -1 },
		{ "0\r\n X: folded\r\n\r\n", -1 },
		{ "0\r\nX: a\n\r\n", -1 },
		{ "0\r\n\rX", -1 },
	};
	const struct proxy_frame f = { .kind = PROXY_CHUNKED };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].text), at = 0;
		struct proxy_body whole, bytes;
		ssize_t n, one = 0;

		tap_note("row %zu", i);
		proxy_body_begin(&whole, &f);
		n = proxy_body_take(&whole, rows[i].text, len, NULL);
		CHECK_INT(whole.done ? n : n < 0 ? -1 : 0, rows[i].end);
		/* how the bytes come must not matter */
		proxy_body_begin(&bytes, &f);
		while (at < len && !bytes.done && one >= 0) {
			one = proxy_body_take(&bytes, rows[i].text + at, 1,
					      NULL);
			at += one > 0;
		}
		CHECK_INT(bytes.done ? (int)at : one < 0 ? -1 : 0, rows[i].end);
	}
}

static void lengths(void)
{
	const struct proxy_frame five = { PROXY_LENGTH, 5 };
	const struct proxy_frame none = { PROXY_NO_BODY, 0 };
	const struct proxy_frame close = { PROXY_CLOSE, 0 };
	struct proxy_body b;

	proxy_body_begin(&b, &five);
	CHECK_INT(proxy_body_take(&b, "abc", 3, NULL), 3);
	CHECK(!b.done);
	CHECK_INT(proxy_body_take(&b, "defgh", 5, NULL), 2);
	CHECK(b.done);
	CHECK_INT(proxy_body_take(&b, "x", 1, NULL), 0);
	proxy_body_begin(&b, &none);
	CHECK(b.done);
	proxy_body_begin(&b, &close);
	CHECK_INT(proxy_body_take(&b, "abc", 3, NULL), 3);
	CHECK(!b.done);
}

/* ---- replies ---- */

static void replies(void)
{
	static const struct {
		const char *text;
		bool to_head;
		int frame; /* -1: refused */
		const char *sent;
	} rows[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
		  "Connection: keep-alive\r\nServer: x\r\n\r\n",
		  false, PROXY_LENGTH,
		  "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n"
		  "\r\n" },
		{ "HTTP/1.0 200\r\n\r\n", false, PROXY_CLOSE, NULL },
		{ "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", false,
		  PROXY_NO_BODY, "HTTP/1.1 204 No Content\r\n\r\n" },
		{ "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
		  false, PROXY_NO_BODY,
		  "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", true,
		  PROXY_NO_BODY,
		  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" },
		{ "HTTP/1.1 100 Continue\r\n\r\n", false, PROXY_NO_BODY, NULL },
		{ "HTTP/1.1 101 Switching\r\n\r\n", false, -1, NULL },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n",
		  false, -1, NULL },
		{ "HTTP/2 200 OK\r\n\r\n", false, -1, NULL },
		{ "HTTP/1.1 20 OK\r\n\r\n", false, -1, NULL },
		{ "HTTP/1.1 2000 OK\r\n\r\n", false, -1, NULL },
		{ "HTTP/1.1 099 OK\r\n\r\n", false, -1, NULL },
		{ "ICY 200 OK\r\n\r\n", false, -1, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proxy_reply r;
		struct proxy_head h;
		struct buf out;
		int rc = proxy_head_parse(&h, rows[i].text,
					  strlen(rows[i].text), NULL);

		tap_note("row %zu", i);
		REQUIRE(rc == 0);
		rc = proxy_reply_parse(&r, &h, rows[i].to_head, NULL);
		CHECK_INT(rc < 0 ? -1 : (int)r.frame.kind, rows[i].frame);
		if (rc || !rows[i].sent)
			continue;
		buf_init(&out, 4096);
		proxy_reply_write(&r, &h, true, &out);
		CHECK_STR(out.data, rows[i].sent);
		buf_finish(&out);
	}
}

/* ---- exchanges ---- */

struct pair {
	struct proxy_side client, server;
	struct proxy_exchange x;
};

static void begin(struct pair *p, enum proxy_framing kind, uint64_t length)
{
	const struct proxy_frame f = { kind, length };

	proxy_side_init(&p->client);
	proxy_side_init(&p->server);
	proxy_exchange_begin(&p->x, &f, false, true);
}

static void finish(struct pair *p)
{
	proxy_side_finish(&p->client);
	proxy_side_finish(&p->server);
}

static enum proxy_step run(struct pair *p)
{
	enum proxy_step step;

	do {
		step = proxy_exchange_step(&p->x, &p->client, &p->server);
	} while (step == PROXY_MOVED);
	return step;
}

/* What follows a request's body is the next request, never the same server's. */
static void next_request_stays(void)
{
	struct pair p;

	begin(&p, PROXY_LENGTH, 4);
	buf_puts(&p.client.in, "bodyGET http://other.example/ HTTP/1.1\r\n");
	CHECK_INT(run(&p), PROXY_IDLE);
	CHECK_STR(p.server.out.data, "body");
	CHECK_STR(p.client.in.data, "GET http://other.example/ HTTP/1.1\r\n");
	buf_puts(&p.server.in,
		 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA");
	CHECK_INT(run(&p), PROXY_DONE);
	CHECK(p.x.keep);
	CHECK_STR(p.client.out.data,
		  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	finish(&p);
}

static void interim_replies_pass(void)
{
	struct pair p;

	begin(&p, PROXY_NO_BODY, 0);
	buf_puts(&p.server.in, "HTTP/1.1 100 Continue\r\n\r\n"
			       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	CHECK_INT(run(&p), PROXY_DONE);
	CHECK_STR(p.client.out.data,
		  "HTTP/1.1 100 Continue\r\n\r\n"
		  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	finish(&p);
}

static void endless_interim_is_cut(void)
{
	struct pair p;

	begin(&p, PROXY_NO_BODY, 0);
	for (int i = 0; i < 100; i++)
		buf_puts(&p.server.in, "HTTP/1.1 103 Early\r\n\r\n");
	CHECK_INT(run(&p), PROXY_CUT);
	finish(&p);
}

static void early_ends(void)
{
	static const struct {
		const char *reply;
		enum proxy_step step;
		bool keep;
	} rows[] = {
		{ "", PROXY_BAD_REPLY, true },
		{ "HTTP/1.1 200 OK\r\n", PROXY_BAD_REPLY, true },
		{ "garbage\r\n\r\n", PROXY_BAD_REPLY, true },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
		  PROXY_CUT, true },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
		  PROXY_CUT, true },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz",
		  PROXY_CUT, true },
		{ "HTTP/1.1 200 OK\r\n\r\nuntil the end", PROXY_DONE, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pair p;

		tap_note("row %zu", i);
		begin(&p, PROXY_NO_BODY, 0);
		buf_puts(&p.server.in, rows[i].reply);
		p.server.eof = true;
		CHECK_INT(run(&p), rows[i].step);
		CHECK(p.x.keep == rows[i].keep);
		finish(&p);
	}
}

static void reply_before_the_body_ends_the_connection(void)
{
	struct pair p;

	begin(&p, PROXY_LENGTH, 1000);
	buf_puts(&p.client.in, "some");
	buf_puts(&p.server.in, "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
	CHECK_INT(run(&p), PROXY_DONE);
	CHECK(!p.x.keep);
	CHECK(strstr(p.client.out.data, "Connection: close\r\n") != NULL);
	finish(&p);
}

static void client_ends_in_its_body(void)
{
	struct pair p;

	begin(&p, PROXY_LENGTH, 1000);
	buf_puts(&p.client.in, "some");
	p.client.eof = true;
	CHECK_INT(run(&p), PROXY_CUT);
	finish(&p);
	begin(&p, PROXY_CHUNKED, 0);
	buf_puts(&p.client.in, "zz\r\n");
	CHECK_INT(run(&p), PROXY_BAD_REQUEST);
	finish(&p);
}

/* A side that takes nothing stops the other one. */
static void pressure_holds(void)
{
	static char block[1000];
	struct pair p;
	size_t total = 0;

	begin(&p, PROXY_NO_BODY, 0);
	memset(block, 'x', sizeof(block));
	buf_puts(&p.server.in, "HTTP/1.1 200 OK\r\n\r\n");
	for (int i = 0; i < 200; i++) {
		if (p.server.in.len + sizeof(block) <= PROXY_SIDE_BYTES) {
			buf_add(&p.server.in, block, sizeof(block));
			total += sizeof(block);
		}
		CHECK_INT(run(&p), PROXY_IDLE);
	}
	CHECK(total < 3 * PROXY_SIDE_BYTES);
	CHECK(!p.client.out.overflow && !p.server.in.overflow);
	finish(&p);
}

static void tunnels_pass_ends(void)
{
	struct proxy_side client, server;
	bool done = false;

	proxy_side_init(&client);
	proxy_side_init(&server);
	buf_puts(&client.in, "up");
	buf_puts(&server.in, "down");
	CHECK(proxy_tunnel_step(&client, &server, &done));
	CHECK_STR(server.out.data, "up");
	CHECK_STR(client.out.data, "down");
	CHECK(!done);
	server.broken = true;
	proxy_tunnel_step(&client, &server, &done);
	CHECK(done);
	proxy_side_finish(&client);
	proxy_side_finish(&server);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(chunks),
		TEST(lengths),
		TEST(replies),
		TEST(next_request_stays),
		TEST(interim_replies_pass),
		TEST(endless_interim_is_cut),
		TEST(early_ends),
		TEST(reply_before_the_body_ends_the_connection),
		TEST(client_ends_in_its_body),
		TEST(pressure_holds),
		TEST(tunnels_pass_ends),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
