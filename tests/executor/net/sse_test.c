/* SPDX-License-Identifier: Apache-2.0 */
/* Event streams, however they are cut into pieces. */
#include "executor/net/sse.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

/* What came out, as "event|id|data;" for each event. */
static int note(void *arg, const struct sse_event *e, struct err *err)
{
	buf_printf(arg, "%s|%s|%s;", e->event, e->id, e->data);
	return 0;
}

static const struct {
	const char *in, *out;
} streams[] = {
	{ "data: a\n\n", "message||a;" },
	{ "data:a\n\ndata: b\n\n", "message||a;message||b;" },
	{ "data:  a\n\n", "message|| a;" },
	{ "data: a\r\n\r\n", "message||a;" },
	{ "data: a\r\rdata: b\r\r", "message||a;message||b;" },
	{ "data: a\r\n\ndata: b\n\r\n", "message||a;message||b;" },
	{ "data: a\ndata: b\n\n", "message||a\nb;" },
	{ "data\n\n", "message||;" },
	{ "data:\n\n", "message||;" },
	{ "data\ndata\n\n", "message||\n;" },
	{ "data: x: y\n\n", "message||x: y;" },
	{ "\xef\xbb\xbf"
	  "data: a\n\n",
	  "message||a;" },
	{ "\xef\xbb\xbf\n\xef\xbb\xbf"
	  "data: a\n\ndata: b\n\n",
	  "message||b;" },
	{ ": hello\n:\ndata: a\n: more\n\n", "message||a;" },
	{ "event: x\nid: 7\ndata: a\n\ndata: b\n\n", "x|7|a;message|7|b;" },
	{ "event: x\n\ndata: b\n\n", "message||b;" },
	{ "id: 7\n\nid\ndata: b\n\n", "message||b;" },
	{ "retry: 10\nnonsense: 1\nnothing\ndata: a\n\n", "message||a;" },
	{ "data: a\n", "" },
	{ "data: a", "" },
	{ "\n\n\n", "" },
	{ "data: \xc3\xa9\xe2\x82\xac\n\n", "message||\xc3\xa9\xe2\x82\xac;" },
	{ "data: {\"a\":\ndata: 1}\n\ndata: [DONE]\n\n",
	  "message||{\"a\":\n1};message||[DONE];" },
};

typedef int feed_fn(struct sse *s, const char *data, size_t len,
		    struct err *err);

/* Feeds `in` in pieces of `a`, then the rest in pieces of `b` bytes. */
static void feed(feed_fn *fn, const char *in, size_t a, size_t b,
		 const char *want)
{
	size_t len = strlen(in);
	struct sse s;
	struct buf out;

	buf_init(&out, 10000);
	sse_init(&s, 1000, note, &out);
	CHECK_INT(fn(&s, in, a, NULL), 0);
	for (size_t at = a; at < len; at += b) {
		size_t n = len - at < b ? len - at : b;
		_auto_free_ char *piece = mem_copy(in + at, n);

		CHECK_INT(fn(&s, piece, n, NULL), 0);
	}
	CHECK_STR(out.data, want);
	sse_finish(&s);
	buf_finish(&out);
}

static void splits_anywhere(void)
{
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		size_t len = strlen(streams[i].in);

		for (size_t a = 0; a <= len; a++) {
			feed(sse_feed, streams[i].in, a, len, streams[i].out);
			feed(sse_feed, streams[i].in, a, 1, streams[i].out);
		}
	}
}

static void lines(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "{\"a\":1}\n{\"b\":2}\n",
		  "message||{\"a\":1};message||{\"b\":2};" },
		{ "a\r\nb\n", "message||a;message||b;" },
		{ "a\n\nb\n", "message||a;message||;message||b;" },
		{ "a\nb", "message||a;" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t a = 0; a <= strlen(rows[i].in); a++)
			feed(sse_feed_lines, rows[i].in, a, 1, rows[i].out);
}

static void too_large(void)
{
	static const char *const ins[] = {
		"data: 0123456789abcdef",
		"data: 01234567\ndata: 01234567\n\n",
		"event: 0123456789abcdef",
		"nothing that we know",
	};

	for (size_t i = 0; i < ARRAY_LEN(ins); i++) {
		struct err err = { 0 };
		struct sse s;
		struct buf out;

		buf_init(&out, 100);
		sse_init(&s, 15, note, &out);
		CHECK_INT(sse_feed(&s, ins[i], strlen(ins[i]), &err),
			  -ERR_TOO_LARGE);
		CHECK_STR(err.text, "an event of the stream exceeds 15 bytes");
		CHECK_STR(out.data, "");
		sse_finish(&s);
		buf_finish(&out);
	}
}

static int stop(void *arg, const struct sse_event *e, struct err *err)
{
	++*(int *)arg;
	return err_set(err, ERR_CONFLICT, "enough");
}

static void first_error_stops(void)
{
	struct err err = { 0 };
	struct sse s;
	int calls = 0;

	sse_init(&s, 100, stop, &calls);
	CHECK_INT(sse_feed(&s, "data: a\n\ndata: b\n\n", 18, &err),
		  -ERR_CONFLICT);
	CHECK_INT(calls, 1);
	CHECK_STR(err.text, "enough");
	sse_finish(&s);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(splits_anywhere),
						 TEST(lines),
						 TEST(too_large),
						 TEST(first_error_stops),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
