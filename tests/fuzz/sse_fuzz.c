/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event streams and lines: no split of the bytes matters, no event is longer
 * than the limit, and where there is no NUL the events are those of a reader
 * that has the whole text.
 */
#include "executor/net/sse.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 65536

struct reading {
	struct buf all; /* the events in one text */
	size_t max, count, stop_at;
};

static int on_event(void *arg, const struct sse_event *e, struct err *err)
{
	struct reading *r = arg;

	FUZZ_CHECK(strlen(e->data) <= r->max && strlen(e->event) &&
		   strlen(e->id) <= r->max);
	buf_printf(&r->all, "%s|%s|%s;", e->event, e->id, e->data);
	if (++r->count == r->stop_at)
		return err_set(err, ERR_CONFLICT, "enough");
	return 0;
}

typedef int feed_fn(struct sse *s, const char *data, size_t len,
		    struct err *err);

/* In pieces when there is a dice. */
static int feed(struct reading *r, feed_fn *fn, const struct fuzz_bytes *b,
		struct fuzz_dice *dice)
{
	size_t left = b->left, most = dice ? 1 + fuzz_throw(dice, 40) : left;
	const uint8_t *at = b->at;
	struct err err = { 0 };
	struct sse s;
	int rc = 0;

	buf_init(&r->all, 8 * BYTES_MAX);
	sse_init(&s, r->max, on_event, r);
	while (left && rc == 0) {
		size_t n = dice ? 1 + fuzz_throw(dice, most) : left;
		char *piece;

		n = n < left ? n : left;
		piece = fuzz_copy(at, n);
		rc = fn(&s, piece, n, &err);
		free(piece);
		at += n;
		left -= n;
	}
	FUZZ_CHECK(rc == 0 || rc == -(int)err.code);
	if (rc < 0)
		fuzz_check_err(&err);
	sse_finish(&s);
	return rc;
}

/* The standard's reader, the simple way: a line at a time, all at hand. */
static void reference(struct buf *out, char *text)
{
	char *id = mem_strdup(""), *event = mem_strdup("");
	bool any = false;
	struct buf data;

	buf_init(&data, BYTES_MAX);
	if (str_starts(text, "\xef\xbb\xbf"))
		text += 3;
	while (text[strcspn(text, "\r\n")]) {
		size_t len = strcspn(text, "\r\n");
		size_t end = strncmp(text + len, "\r\n", 2) ? 1 : 2;
		char *line = mem_strndup(text, len);
		char *value = strchr(line, ':');

		text += len + end;
		if (value)
			*value++ = 0;
		if (value && *value == ' ')
			value++;
		if (!len && any)
			buf_printf(out, "%s|%s|%s;", *event ? event : "message",
				   id, data.data);
		if (!len) {
			any = false;
			buf_clear(&data);
			mem_free(event);
			event = mem_strdup("");
		} else if (str_equal(line, "data")) {
			buf_printf(&data, "%s%s", any ? "\n" : "",
				   value ? value : "");
			any = true;
		} else if (str_equal(line, "event")) {
			mem_free(event);
			event = mem_strdup(value ? value : "");
		} else if (str_equal(line, "id")) {
			mem_free(id);
			id = mem_strdup(value ? value : "");
		}
		mem_free(line);
	}
	buf_finish(&data);
	mem_free(id);
	mem_free(event);
}

static void check_reference(const struct reading *r, const uint8_t *data,
			    size_t size)
{
	char *text = fuzz_text(data, size);
	struct buf want;

	buf_init(&want, 8 * BYTES_MAX);
	reference(&want, text);
	FUZZ_SAME(r->all.data, want.data);
	buf_finish(&want);
	mem_free(text);
}

static void check_limit(struct fuzz_dice *dice, const struct fuzz_bytes *b,
			const struct reading *whole)
{
	struct reading r = { .max = 1 + fuzz_throw(dice, 60) };

	r.stop_at = fuzz_throw(dice, 1) ? 1 + fuzz_throw(dice, 3) : 0;
	feed(&r, sse_feed, b, dice);
	FUZZ_CHECK(r.all.len <= whole->all.len &&
		   memcmp(r.all.data, whole->all.data, r.all.len) == 0);
	buf_finish(&r.all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static feed_fn *const feeds[] = { sse_feed, sse_feed_lines };
	struct fuzz_dice dice = fuzz_dice(data, size);
	struct fuzz_bytes b = { data, size };

	if (size > BYTES_MAX)
		return -1;
	for (int i = 0; i < 2; i++) {
		struct reading whole = { .max = size }, parts = { .max = size };

		FUZZ_CHECK(feed(&whole, feeds[i], &b, NULL) == 0);
		FUZZ_CHECK(feed(&parts, feeds[i], &b, &dice) == 0);
		FUZZ_SAME(parts.all.data, whole.all.data);
		if (i == 0 && !(size && memchr(data, 0, size)))
			check_reference(&whole, data, size);
		if (i == 0)
			check_limit(&dice, &b, &whole);
		buf_finish(&whole.all);
		buf_finish(&parts.all);
	}
	return 0;
}
