/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of requests: what a box may write, and every form in which two readers
 * could understand different things. */
#include "executor/egress/proxy_request.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/egress/proxy_answer.h"
#include "tests/tap.h"

#include <string.h>

#define HOST "Host: a.example\r\n"
#define GET "GET http://a.example/ HTTP/1.1\r\n"

/* 0, or the negative code of the step that refused. */
static int parse(const char *text, struct proxy_head *h,
		 struct proxy_request *r, struct err *err)
{
	ssize_t len = proxy_head_length(text, strlen(text), 0, err);

	if (len <= 0)
		return len ? (int)len : -1;
	int rc = proxy_head_parse(h, text, (size_t)len, err);
	return rc ? rc : proxy_request_parse(r, h, err);
}

static void accepted(void)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
		bool connect, keep;
		enum proxy_framing frame;
		const char *sent; /* to the server; NULL: nothing */
	} rows[] = {
		{ GET HOST "\r\n", "a.example", 80, false, true, PROXY_NO_BODY,
		  "GET / HTTP/1.1\r\nHost: a.example\r\n"
		  "Connection: close\r\n\r\n" },
		{ "GET http://A.Example.:80?q=1 HTTP/1.1\r\nhOST:a.example:80 "
		  "\r\nX: y\r\n\r\n",
		  "a.example", 80, false, true, PROXY_NO_BODY,
		  "GET /?q=1 HTTP/1.1\r\nHost: a.example\r\nX: y\r\n"
		  "Connection: close\r\n\r\n" },
		{ "POST HTTP://a.example:8080/p HTTP/1.1\r\n"
		  "Host: a.example:8080\r\nContent-Length: 5\r\n"
		  "Proxy-Connection: keep-alive\r\nConnection: X-Own\r\n"
		  "X-Own: 1\r\nUpgrade: websocket\r\n"
		  "Proxy-Authorization: x\r\n\r\n",
		  "a.example", 8080, false, true, PROXY_LENGTH,
		  "POST /p HTTP/1.1\r\nHost: a.example:8080\r\n"
		  "Content-Length: 5\r\nConnection: close\r\n\r\n" },
		{ "PUT http://[2001:db8::7]/ HTTP/1.1\r\nHost: [2001:DB8::7]\r\n"
		  "Transfer-Encoding: Chunked\r\n\r\n",
		  "2001:db8::7", 80, false, true, PROXY_CHUNKED,
		  "PUT / HTTP/1.1\r\nHost: [2001:db8::7]\r\n"
		  "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" },
		{ "GET http://a.example/ HTTP/1.0\r\n\r\n", "a.example", 80,
		  false, false, PROXY_NO_BODY,
		  "GET / HTTP/1.0\r\nHost: a.example\r\n"
		  "Connection: close\r\n\r\n" },
		{ GET HOST "Connection: a, Close\r\n\r\n", "a.example", 80,
		  false, false, PROXY_NO_BODY, NULL },
		{ GET HOST "Proxy-Connection: close\r\n\r\n", "a.example", 80,
		  false, false, PROXY_NO_BODY, NULL },
		{ "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"
		  "\r\n",
		  "a.example", 443, true, true, PROXY_NO_BODY, NULL },
		{ "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n",
		  "a.example", 443, true, true, PROXY_NO_BODY, NULL },
		{ "CONNECT a.example:443 HTTP/1.0\r\n\r\n", "a.example", 443,
		  true, false, PROXY_NO_BODY, NULL },
		{ "CONNECT [2001:db8::7]:443 HTTP/1.1\r\n\r\n", "2001:db8::7",
		  443, true, true, PROXY_NO_BODY, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proxy_request r;
		struct proxy_head h;
		struct err err = { 0 };
		struct buf sent;

		tap_note("row %zu", i);
		if (parse(rows[i].text, &h, &r, &err)) {
			CHECK_STR(err.text, "");
			continue;
		}
		CHECK_STR(r.host.name, rows[i].host);
		CHECK_INT(r.port, rows[i].port);
		CHECK(r.connect == rows[i].connect);
		CHECK(r.keep_alive == rows[i].keep);
		CHECK_INT(r.frame.kind, rows[i].frame);
		buf_init(&sent, 4096);
		proxy_request_write(&r, &h, &sent);
		if (rows[i].sent)
			CHECK_STR(sent.data, rows[i].sent);
		buf_finish(&sent);
	}
}

static const struct {
	const char *text, *says;
} refusals[] = {
	/* no proxy's business */
	{ "GET / HTTP/1.1\r\n" HOST "\r\n", "whole URLs" },
	{ "GET https://a.example/ HTTP/1.1\r\n" HOST "\r\n", "http://" },
	{ "GET ftp://a.example/ HTTP/1.1\r\n" HOST "\r\n", "http://" },
	{ "GET a.example:80 HTTP/1.1\r\n" HOST "\r\n", "http://" },
	{ "CONNECT http://a.example:80/ HTTP/1.1\r\n" HOST "\r\n", "" },
	{ "CONNECT a.example HTTP/1.1\r\n" HOST "\r\n", "port" },
	{ "CONNECT a.example:0 HTTP/1.1\r\n\r\n", "port" },
	{ "CONNECT a.example:65536 HTTP/1.1\r\n\r\n", "port" },
	{ "CONNECT a.example:0443 HTTP/1.1\r\n\r\n", "port" },
	{ "CONNECT a.example:443/x HTTP/1.1\r\n\r\n", "" },
	{ "CONNECT /a.example:443 HTTP/1.1\r\n\r\n", "" },
	{ "connect a.example:443 HTTP/1.1\r\n\r\n", "request line" },
	{ "PRI * HTTP/2.0\r\n\r\n", "HTTP/1.1" },
	{ "GET http://a.example/ HTTP/1.2\r\n" HOST "\r\n", "HTTP/1.1" },
	{ "GET http://a.example/\r\n" HOST "\r\n", "HTTP/1.1" },
	/* two statements about the host */
	{ GET "Host: b.example\r\n\r\n", "Host" },
	{ GET "Host: a.example:81\r\n\r\n", "Host" },
	{ "GET http://a.example:81/ HTTP/1.1\r\n" HOST "\r\n", "Host" },
	{ GET HOST HOST "\r\n", "two Host" },
	{ GET HOST "Host: b.example\r\n\r\n", "two Host" },
	{ GET "\r\n", "no Host" },
	{ GET "Host:\r\n\r\n", "" },
	{ GET "Host: a.example, b.example\r\n\r\n", "" },
	{ "GET http://user@a.example/ HTTP/1.1\r\n" HOST "\r\n", "user name" },
	{ "GET http://b.example@a.example/ HTTP/1.1\r\n" HOST "\r\n",
	  "user name" },
	{ "GET http://a.example:80@b.example/ HTTP/1.1\r\n" HOST "\r\n",
	  "user name" },
	{ "GET http://a.example#@b.example/ HTTP/1.1\r\n" HOST "\r\n",
	  "fragment" },
	{ "GET http://a.example\\@b.example/ HTTP/1.1\r\n" HOST "\r\n",
	  "user name" },
	{ "GET http:///a.example/ HTTP/1.1\r\n" HOST "\r\n", "empty" },
	{ "GET http://a.example:/ HTTP/1.1\r\n" HOST "\r\n", "port" },
	{ "CONNECT a.example:443 HTTP/1.1\r\nHost: b.example:443\r\n"
	  "\r\n",
	  "Host" },
	{ "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:444\r\n"
	  "\r\n",
	  "Host" },
	/* addresses in old clothes */
	{ "GET http://2130706433/ HTTP/1.1\r\nHost: 2130706433\r\n\r\n", "" },
	{ "GET http://0x7f.1/ HTTP/1.1\r\nHost: 0x7f.1\r\n\r\n", "" },
	{ "GET http://127.1/ HTTP/1.1\r\nHost: 127.1\r\n\r\n", "" },
	{ "GET http://[fe80::1%25eth0]/ HTTP/1.1\r\nHost: x\r\n\r\n", "" },
	/* two statements about the body's end */
	{ GET HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"
		   "\r\n",
	  "twice" },
	{ GET HOST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"
		   "\r\n",
	  "twice" },
	{ GET HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "twice" },
	{ GET HOST "Transfer-Encoding: chunked\r\n"
		   "Transfer-Encoding: chunked\r\n\r\n",
	  "twice" },
	{ GET HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", "chunked" },
	{ GET HOST "Transfer-Encoding: chunked, identity\r\n\r\n", "chunked" },
	{ GET HOST "Transfer-Encoding: xchunked\r\n\r\n", "chunked" },
	{ GET HOST "Transfer-Encoding:\r\n\r\n", "chunked" },
	{ GET HOST "Content-Length: +1\r\n\r\n", "Content-Length" },
	{ GET HOST "Content-Length: 1, 1\r\n\r\n", "Content-Length" },
	{ GET HOST "Content-Length: 0x1\r\n\r\n", "Content-Length" },
	{ GET HOST "Content-Length: -1\r\n\r\n", "Content-Length" },
	{ GET HOST "Content-Length:\r\n\r\n", "Content-Length" },
	{ GET HOST "Content-Length: 1234567890123456789\r\n\r\n",
	  "Content-Length" },
	{ "POST http://a.example/ HTTP/1.0\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n",
	  "HTTP/1.0" },
	{ "CONNECT a.example:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
	  "body" },
	/* lines that are none to some */
	{ GET HOST "X: a\r\n b\r\n\r\n", "folded" },
	{ GET HOST "X: a\r\n\tb\r\n\r\n", "folded" },
	{ GET " " HOST "\r\n", "folded" },
	{ GET HOST "Content-Length : 1\r\n\r\n", "name" },
	{ GET HOST "Transfer-Encoding\t: chunked\r\n\r\n", "name" },
	{ GET HOST ": x\r\n\r\n", "name" },
	{ GET HOST "X\r\n\r\n", "colon" },
	{ GET HOST "X: a\nTransfer-Encoding: chunked\r\n\r\n", "control" },
	{ GET HOST "X: a\rTransfer-Encoding: chunked\r\n\r\n", "control" },
	{ GET HOST "X: a\x01\r\n\r\n", "control" },
	{ GET HOST "X: a\x7f\r\n\r\n", "control" },
	{ "GET  http://a.example/ HTTP/1.1\r\n" HOST "\r\n", "" },
	{ "GET http://a.example/ x HTTP/1.1\r\n" HOST "\r\n", "" },
	{ "GET http://a.example/ HTTP/1.1 \r\n" HOST "\r\n", "" },
	{ "GET http://a.example/\x85 HTTP/1.1\r\n" HOST "\r\n", "" },
	{ "G\tT http://a.example/ HTTP/1.1\r\n" HOST "\r\n", "" },
	{ " GET http://a.example/ HTTP/1.1\r\n" HOST "\r\n", "HTTP" },
	{ "\r\nGET http://a.example/ HTTP/1.1\r\n" HOST "\r\n", "HTTP" },
	{ "\x16\x03\x01", "HTTP" },
};

static void refused(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct proxy_request r;
		struct proxy_head h;
		struct err err = { 0 };

		tap_note("row %zu: %.60s", i, refusals[i].text);
		CHECK(parse(refusals[i].text, &h, &r, &err) < 0);
		CHECK(*err.text);
		CHECK(strstr(err.text, refusals[i].says) != NULL);
	}
}

static void nul_is_refused(void)
{
	static const char text[] = GET HOST "X: a\0b\r\n\r\n";
	struct proxy_head h;

	CHECK_INT(proxy_head_length(text, sizeof(text) - 1, 0, NULL),
		  sizeof(text) - 1);
	CHECK(proxy_head_parse(&h, text, sizeof(text) - 1, NULL) < 0);
}

/* Byte by byte, and too long. */
static void head_ends(void)
{
	static const char text[] = GET HOST "\r\nrest";
	static char big[PROXY_HEAD_MAX + 8];
	const ssize_t want = (ssize_t)sizeof(text) - 5;
	struct err err = { 0 };

	for (size_t n = 1; n < sizeof(text); n++) {
		ssize_t len = proxy_head_length(text, n, n - 1, NULL);

		CHECK_INT(len, (ssize_t)n >= want ? want : 0);
		if ((ssize_t)n == want)
			break;
	}
	memset(big, 'a', sizeof(big));
	CHECK_INT(proxy_head_length(big, PROXY_HEAD_MAX - 1, 0, &err), 0);
	CHECK(proxy_head_length(big, PROXY_HEAD_MAX, 0, &err) ==
	      -ERR_TOO_LARGE);
	memcpy(big + PROXY_HEAD_MAX, "\r\n\r\n", 4);
	CHECK(proxy_head_length(big, PROXY_HEAD_MAX + 4, 0, &err) ==
	      -ERR_TOO_LARGE);
}

static void many_fields(void)
{
	struct proxy_head h;
	struct buf text;

	buf_init(&text, 65536);
	buf_puts(&text, GET HOST);
	for (int i = 0; i < PROXY_HEAD_FIELDS - 1; i++)
		buf_puts(&text, "X: y\r\n");
	buf_puts(&text, "\r\n");
	CHECK(proxy_head_parse(&h, text.data, text.len, NULL) == 0);
	CHECK_INT(h.count, PROXY_HEAD_FIELDS);
	text.len -= 2;
	buf_puts(&text, "X: y\r\n\r\n");
	CHECK(proxy_head_parse(&h, text.data, text.len, NULL) < 0);
	buf_finish(&text);
}

static void answers(void)
{
	struct policy_verdict v = { .why = POLICY_HOST };
	struct proxy_asked asked;
	struct net_host h;
	struct buf out;

	buf_init(&out, 4096);
	REQUIRE(net_host_parse(&h, "evil.example", 12, NULL) == 0);
	asked = (struct proxy_asked){ &h, 443, false };
	proxy_answer_blocked(&out, &asked, &v);
	CHECK_STR(out.data,
		  "HTTP/1.1 403 Forbidden, blocked by policy: evil.example\r\n"
		  "X-Coop-Blocked: host\r\n"
		  "Content-Type: text/plain; charset=utf-8\r\n"
		  "Content-Length: 118\r\n"
		  "Connection: close\r\n\r\n"
		  "blocked by policy: evil.example\n"
		  "evil.example:443 is not on the list of hosts of this box. "
		  "Asking again will not help.\n");
	buf_clear(&out);
	asked.is_head = true;
	proxy_answer_failed(&out, 502, &asked, "no route");
	CHECK_STR(out.data, "HTTP/1.1 502 Bad Gateway\r\n"
			    "Content-Type: text/plain; charset=utf-8\r\n"
			    "Content-Length: 39\r\n"
			    "Connection: close\r\n\r\n");
	buf_finish(&out);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(accepted),  TEST(refused),     TEST(nul_is_refused),
		TEST(head_ends), TEST(many_fields), TEST(answers),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
