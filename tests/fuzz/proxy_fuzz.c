/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP through the proxy, as a box and as a server may write it: what goes on
 * to the other side is one message that can be read in one way only, whatever
 * came in, and no split of a body's bytes matters.
 */
#include "executor/egress/proxy_body.h"
#include "executor/egress/proxy_head.h"
#include "executor/egress/proxy_reply.h"
#include "executor/egress/proxy_request.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

static size_t count(const struct proxy_head *h, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < h->count; i++)
		n += proxy_piece_is(h->fields[i].name, name);
	return n;
}

static const struct proxy_field *field(const struct proxy_head *h,
				       const char *name)
{
	for (size_t i = 0; i < h->count; i++)
		if (proxy_piece_is(h->fields[i].name, name))
			return &h->fields[i];
	return NULL;
}

/* What was written is exactly one head without what belongs to one connection. */
static void read_back(struct proxy_head *h, const struct buf *out)
{
	static const char *const gone[] = {
		"Proxy-Connection", "Keep-Alive", "Proxy-Authorization",
		"Upgrade",          "TE",         "Trailer"
	};
	struct err err = { 0 };

	FUZZ_CHECK(!out->overflow);
	FUZZ_CHECK(memmem(out->data, out->len, "\r\n\r\n", 4) ==
		   out->data + out->len - 4);
	FUZZ_CHECK(proxy_head_parse(h, out->data, out->len, &err) == 0 ||
		   err.code == ERR_TOO_LARGE);
	if (err.code)
		return;
	for (size_t i = 0; i < ARRAY_LEN(gone); i++)
		FUZZ_CHECK(!count(h, gone[i]));
	FUZZ_CHECK(count(h, "Connection") <= 1);
	FUZZ_CHECK(count(h, "Content-Length") + count(h, "Transfer-Encoding") <=
		   1);
}

static bool same_frame(const struct proxy_frame *a, const struct proxy_frame *b)
{
	return a->kind == b->kind && a->length == b->length;
}

static void check_request(const struct proxy_head *h)
{
	struct proxy_request r;
	char host[NET_HOST_TEXT];
	struct proxy_frame frame;
	struct proxy_head back;
	struct err err = { 0 };
	struct buf out;
	size_t blanks = 0;

	if (proxy_request_parse(&r, h, &err) < 0) {
		fuzz_check_err(&err);
		return;
	}
	FUZZ_CHECK(r.port && *r.host.name && r.frame.kind != PROXY_CLOSE);
	if (r.connect) {
		FUZZ_CHECK(!r.frame.length && !r.path.len);
		return;
	}
	buf_init(&out, SIZE_MAX);
	proxy_request_write(&r, h, &out);
	read_back(&back, &out);
	for (size_t i = 0; i < back.line.len; i++) {
		unsigned char c = (unsigned char)back.line.at[i];

		blanks += c == ' ';
		/* what some servers take for a blank, or cut at */
		FUZZ_CHECK(c >= ' ' && c < 0x7f);
	}
	FUZZ_CHECK(blanks == 2);
	FUZZ_CHECK(count(&back, "Host") == 1);
	net_host_format(&r.host, host);
	FUZZ_CHECK(field(&back, "Host")->value.len >= strlen(host) &&
		   memcmp(field(&back, "Host")->value.at, host, strlen(host)) ==
			   0);
	FUZZ_CHECK(proxy_head_frame(&back, &frame, NULL) == 0);
	if (frame.kind == PROXY_CLOSE)
		frame.kind = PROXY_NO_BODY;
	FUZZ_CHECK(same_frame(&frame, &r.frame));
	FUZZ_CHECK(count(&back, "Connection") == 1);
	buf_finish(&out);
}

static void check_reply(const struct proxy_head *h, bool to_head)
{
	struct proxy_reply r, again;
	struct proxy_head back;
	struct err err = { 0 };
	struct buf out;

	if (proxy_reply_parse(&r, h, to_head, &err) < 0) {
		fuzz_check_err(&err);
		return;
	}
	buf_init(&out, SIZE_MAX);
	proxy_reply_write(&r, h, r.frame.kind != PROXY_CLOSE, &out);
	read_back(&back, &out);
	FUZZ_CHECK(proxy_reply_parse(&again, &back, to_head, &err) == 0);
	FUZZ_CHECK(again.status == r.status && again.interim == r.interim);
	FUZZ_CHECK(same_frame(&again.frame, &r.frame));
	buf_finish(&out);
}

/* Bytes of the body, or -1. */
static ssize_t take(const struct proxy_frame *f, const uint8_t *data,
		    size_t size, struct fuzz_dice *dice, bool *done)
{
	struct proxy_body b;
	size_t most = dice ? 1 + fuzz_throw(dice, 20) : size, at = 0;

	proxy_body_begin(&b, f);
	while (at < size && !b.done) {
		size_t n = dice ? 1 + fuzz_throw(dice, most) : size;
		char *piece;
		ssize_t used;

		n = n < size - at ? n : size - at;
		piece = fuzz_copy(data + at, n);
		used = proxy_body_take(&b, piece, n, NULL);
		free(piece);
		if (used < 0)
			return -1;
		FUZZ_CHECK((size_t)used <= n && (b.done || (size_t)used == n));
		at += (size_t)used;
	}
	*done = b.done;
	return (ssize_t)at;
}

static void check_body(const uint8_t *data, size_t size, struct fuzz_dice *dice)
{
	const struct proxy_frame frames[] = {
		{ .kind = PROXY_NO_BODY },
		{ .kind = PROXY_LENGTH, .length = fuzz_throw(dice, 40) },
		{ .kind = PROXY_CHUNKED },
		{ .kind = PROXY_CLOSE },
	};

	for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
		bool whole = false, parts = false;
		ssize_t n = take(&frames[i], data, size, NULL, &whole);

		FUZZ_CHECK(take(&frames[i], data, size, dice, &parts) == n);
		FUZZ_CHECK(n < 0 || whole == parts);
		if (frames[i].kind == PROXY_CHUNKED && whole)
			FUZZ_CHECK(n >= 5 &&
				   !memcmp(data + n - 4, "\r\n\r\n", 4));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_dice dice = fuzz_dice(data, size);
	char *text = fuzz_copy(data, size);
	struct err err = { 0 };
	struct proxy_head h;
	ssize_t n = proxy_head_length(text, size, 0, &err);

	for (size_t part = 0; part < size && n > 0; part += 7)
		if (proxy_head_length(text, part, 0, NULL) == 0)
			FUZZ_CHECK(proxy_head_length(text, size, part, NULL) ==
				   n);
	if (n > 0 && proxy_head_parse(&h, text, (size_t)n, &err) == 0) {
		check_request(&h);
		check_reply(&h, fuzz_throw(&dice, 1));
	} else if (n) {
		fuzz_check_err(&err);
	}
	n = n > 0 ? n : 0;
	check_body(data + n, size - (size_t)n, &dice);
	free(text);
	return 0;
}
