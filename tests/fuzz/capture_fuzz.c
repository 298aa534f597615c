/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output of a program through a real pipe, in any pieces: whole below the
 * limit; above it head, marker and tail, together never more than the limit,
 * the count in the marker exact, no character cut. The first two bytes choose
 * the limit.
 */
#include "executor/run/capture.h"

#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct loop *loop;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	loop = loop_create(NULL);
	FUZZ_CHECK(loop);
	return 0;
}

struct seen {
	struct buf live;
	unsigned over;
};

static void on_live(void *arg, const char *data, size_t len)
{
	FUZZ_CHECK(len > 0);
	buf_add(&((struct seen *)arg)->live, data, len);
}

static void on_over(void *arg)
{
	((struct seen *)arg)->over++;
}

/*
 * `got` is a beginning of `all`, a marker and an end of it, with as many bytes
 * left out as the marker says. Returns the bytes kept of `all`.
 */
static size_t check_cut(const struct fuzz_bytes *all, const char *got,
			size_t len)
{
	for (size_t head = 0; head < len; head++) {
		unsigned long long omitted;
		char marker[64];
		size_t tail;
		int n = 0;

		if (got[head] != '\n' ||
		    sscanf(got + head, "\n[coop: %llu bytes omitted]%n",
			   &omitted, &n) != 1 ||
		    !n || omitted > all->left)
			continue;
		n = snprintf(marker, sizeof(marker),
			     "\n[coop: %llu bytes omitted]\n", omitted);
		if (len - head < (size_t)n || memcmp(got + head, marker, n))
			continue;
		tail = len - head - (size_t)n;
		if (head + tail + omitted == all->left &&
		    memcmp(got, all->at, head) == 0 &&
		    memcmp(got + head + n, all->at + all->left - tail, tail) ==
			    0)
			return head + tail;
	}
	fuzz_fail("the output is head, marker, tail", __FILE__, __LINE__);
}

static void feed(struct capture *c, int fd, const struct fuzz_bytes *b,
		 struct fuzz_dice *dice)
{
	size_t most = 1 + fuzz_throw(dice, 400);

	for (size_t at = 0; at < b->left;) {
		size_t n = 1 + fuzz_throw(dice, most);

		n = n < b->left - at ? n : b->left - at;
		FUZZ_CHECK(write(fd, b->at + at, n) == (ssize_t)n);
		at += n;
		if (fuzz_throw(dice, 3))
			loop_step(loop, deadline_in_ms(0), NULL);
	}
}

static void check_kept(struct capture *c, const struct fuzz_bytes *b,
		       uint64_t limit)
{
	bool truncated = false;
	size_t len = 0;
	char *got = capture_take(c, &len, &truncated);

	FUZZ_CHECK(truncated == (b->left > limit));
	FUZZ_CHECK(capture_over(c) == truncated && !got[len]);
	if (!truncated)
		FUZZ_CHECK(len == b->left && !memcmp(got, b->at, len));
	else
		FUZZ_CHECK(check_cut(b, got, len) <= limit);
	if (str_utf8_valid((const char *)b->at, b->left))
		FUZZ_CHECK(str_utf8_valid(got, len));
	mem_free(got);
}

static void check_live(const struct seen *s, const struct fuzz_bytes *b,
		       uint64_t limit)
{
	FUZZ_CHECK(s->over == (b->left > limit));
	if (s->live.len != b->left || memcmp(s->live.data, b->at, b->left))
		check_cut(b, s->live.data, s->live.len);
	if (str_utf8_valid((const char *)b->at, b->left))
		FUZZ_CHECK(str_utf8_valid(s->live.data, s->live.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_dice dice = fuzz_dice(data, size);
	struct seen seen = { .over = 0 };
	struct capture_events ev = { &seen, on_live, on_over };
	struct fuzz_bytes b = { data, size };
	uint64_t limit = fuzz_byte(&b);
	struct capture *c = NULL;
	int ends[2];

	limit = 1 + (limit | (uint64_t)fuzz_byte(&b) << 8) % 2048;
	buf_init(&seen.live, SIZE_MAX);
	FUZZ_CHECK(fd_pipe(ends, NULL) == 0);
	FUZZ_CHECK(capture_start(&c, loop, ends[0], limit, &ev, NULL) == 0);
	feed(c, ends[1], &b, &dice);
	/* a grandchild may still hold the other end */
	if (fuzz_throw(&dice, 1))
		fd_close(&ends[1]);
	capture_end(c);
	check_kept(c, &b, limit);
	check_live(&seen, &b, limit);
	capture_destroy(c);
	fd_close(&ends[1]);
	buf_finish(&seen.live);
	return 0;
}
