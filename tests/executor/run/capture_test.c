/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a stream, and what is shown of it as it comes. */
#include "executor/run/capture.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct stream {
	struct loop *loop;
	struct capture *capture;
	int write_end;
	struct buf live;
	unsigned over;
};

static void on_live(void *arg, const char *data, size_t len)
{
	struct stream *s = arg;

	buf_add(&s->live, data, len);
}

static void on_over(void *arg)
{
	struct stream *s = arg;

	s->over++;
}

static void begin(struct stream *s, uint64_t limit)
{
	struct capture_events ev = { s, on_live, on_over };
	struct err err = { 0 };
	int ends[2];

	memset(s, 0, sizeof(*s));
	buf_init(&s->live, 1 << 26);
	s->loop = loop_create(&err);
	REQUIRE(s->loop != NULL);
	REQUIRE(fd_pipe(ends, &err) == 0);
	s->write_end = ends[1];
	REQUIRE(capture_start(&s->capture, s->loop, ends[0], limit, &ev,
			      &err) == 0);
}

static void feed(struct stream *s, const char *data, size_t len)
{
	struct err err = { 0 };

	while (len) {
		size_t n = len < 4096 ? len : 4096;

		REQUIRE(fd_write_all(s->write_end, data, n, &err) == 0);
		REQUIRE(loop_step(s->loop, deadline_in_ms(0), &err) == 0);
		data += n;
		len -= n;
	}
}

/* Ends it, and compares what was kept. */
static char *finish(struct stream *s, bool *truncated)
{
	size_t len;
	char *kept;

	capture_end(s->capture);
	kept = capture_take(s->capture, &len, truncated);
	CHECK_INT(strlen(kept), len);
	capture_destroy(s->capture);
	close(s->write_end);
	loop_destroy(s->loop);
	return kept;
}

static void keeps_all_up_to_the_limit(void)
{
	struct stream s;
	bool truncated;
	char *kept;

	begin(&s, 10);
	feed(&s, "0123456789", 10);
	kept = finish(&s, &truncated);
	CHECK_STR(kept, "0123456789");
	CHECK_STR(s.live.data, "0123456789");
	CHECK(!truncated);
	CHECK_INT(s.over, 0);
	mem_free(kept);
	buf_finish(&s.live);
}

static void one_more_byte_cuts_the_middle(void)
{
	struct stream s;
	bool truncated;
	char *kept;

	begin(&s, 10);
	feed(&s, "0123456789a", 11);
	kept = finish(&s, &truncated);
	CHECK_STR(kept, "01234\n[coop: 1 bytes omitted]\n6789a");
	CHECK_STR(s.live.data, "0123456789a");
	CHECK(truncated);
	CHECK_INT(s.over, 1);
	mem_free(kept);
	buf_finish(&s.live);
}

static void live_shows_the_limit_then_the_tail(void)
{
	struct stream s;
	bool truncated;
	char *kept;

	begin(&s, 10);
	feed(&s, "0123456789abcdefghijklmnopqrstuvwxyz", 36);
	kept = finish(&s, &truncated);
	CHECK_STR(kept, "01234\n[coop: 26 bytes omitted]\nvwxyz");
	CHECK_STR(s.live.data, "0123456789\n[coop: 21 bytes omitted]\nvwxyz");
	mem_free(kept);
	buf_finish(&s.live);
}

/* Two-byte characters at odd places: neither end shows half of one. */
static void cuts_between_characters(void)
{
	for (uint64_t limit = 8; limit < 16; limit++) {
		_auto_free_ char *text = mem_zero(401, 1);
		struct stream s;
		bool truncated;
		char *kept;

		for (size_t i = 0; i < 200; i++)
			memcpy(text + 2 * i, "\xc3\xa4", 2);
		begin(&s, limit);
		feed(&s, text, 400);
		kept = finish(&s, &truncated);
		CHECK(truncated);
		CHECK(str_utf8_valid(kept, strlen(kept)));
		CHECK(str_utf8_valid(s.live.data, s.live.len));
		mem_free(kept);
		buf_finish(&s.live);
	}
}

/* Every length around the corners of the ring, against the plain answer. */
static void ring_agrees_with_the_plain_answer(void)
{
	enum { LIMIT = 64 };
	char text[512];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('!' + i % 90);
	for (size_t len = 0; len < sizeof(text); len += 7) {
		char want[LIMIT + 64];
		struct stream s;
		bool truncated;
		char *kept;

		if (len <= LIMIT)
			snprintf(want, sizeof(want), "%.*s", (int)len, text);
		else
			snprintf(want, sizeof(want),
				 "%.32s\n[coop: %zu bytes omitted]\n%.32s",
				 text, len - LIMIT, text + len - 32);
		begin(&s, LIMIT);
		for (size_t at = 0; at < len; at += 5)
			feed(&s, text + at, len - at < 5 ? len - at : 5);
		kept = finish(&s, &truncated);
		CHECK_STR(kept, want);
		mem_free(kept);
		buf_finish(&s.live);
	}
}

/* A writer that lives on does not hold up the end, and what is in the pipe
 * already is not lost. */
static void ends_without_end_of_file(void)
{
	struct stream s;
	bool truncated;
	char *kept;

	begin(&s, 1024);
	REQUIRE(write(s.write_end, "last words", 10) == 10);
	kept = finish(&s, &truncated); /* the write end is open until here */
	CHECK_STR(kept, "last words");
	mem_free(kept);
	buf_finish(&s.live);
}

static void memory_stays_at_the_limit(void)
{
	_auto_free_ char *block = mem_zero(1 << 20, 1);
	struct stream s;
	bool truncated;
	char *kept;

	memset(block, 'x', 1 << 20);
	begin(&s, 1000);
	for (int i = 0; i < 20; i++)
		feed(&s, block, 1 << 20);
	kept = finish(&s, &truncated);
	CHECK(truncated);
	CHECK(strlen(kept) < 1100);
	CHECK(strstr(kept, "[coop: 20970520 bytes omitted]") != NULL);
	CHECK(s.live.len < 1600);
	mem_free(kept);
	buf_finish(&s.live);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(keeps_all_up_to_the_limit),
		TEST(one_more_byte_cuts_the_middle),
		TEST(live_shows_the_limit_then_the_tail),
		TEST(cuts_between_characters),
		TEST(ring_agrees_with_the_plain_answer),
		TEST(ends_without_end_of_file),
		TEST(memory_stays_at_the_limit),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
