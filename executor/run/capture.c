/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Head and tail. The head is the first half of the limit, the tail a ring of
 * the last half; while nothing was left out they join without a seam.
 */
#include "executor/run/capture.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define READ_SIZE 65536
#define LAST_READS 64 /* what a pipe can hold, and then it must end */
#define MARKER_SIZE 64

struct capture {
	struct loop_fd *watch;
	int fd;
	struct capture_events ev;
	uint64_t limit, total;
	uint64_t shown; /* to `live`: the first so many bytes of the stream */
	char *head;
	size_t head_len, head_cap, head_max;
	char *tail; /* a ring once it is full */
	size_t tail_len, tail_cap, tail_max;
	size_t tail_at; /* oldest byte, when the ring is full */
	bool over;
	char *piece; /* read into; too large for a fiber's stack */
};

static size_t grow(char **data, size_t cap, size_t need, size_t max)
{
	if (need <= cap)
		return cap;
	cap = cap ? cap * 2 : 4096;
	if (cap < need)
		cap = need;
	if (cap > max)
		cap = max;
	*data = mem_resize(*data, cap, 1);
	return cap;
}

static size_t keep_head(struct capture *c, const char *data, size_t len)
{
	size_t n = c->head_max - c->head_len;

	if (n > len)
		n = len;
	if (!n)
		return 0;
	c->head_cap = grow(&c->head, c->head_cap, c->head_len + n, c->head_max);
	memcpy(c->head + c->head_len, data, n);
	c->head_len += n;
	return n;
}

static void keep_tail(struct capture *c, const char *data, size_t len)
{
	if (len > c->tail_max) {
		data += len - c->tail_max;
		len = c->tail_max;
	}
	while (len) {
		bool full = c->tail_len == c->tail_max;
		size_t at = full ? c->tail_at : c->tail_len;
		size_t n = c->tail_max - at;

		if (n > len)
			n = len;
		c->tail_cap = grow(&c->tail, c->tail_cap, at + n, c->tail_max);
		memcpy(c->tail + at, data, n);
		if (full)
			c->tail_at = (at + n) % c->tail_max;
		else
			c->tail_len += n;
		data += n;
		len -= n;
	}
}

static void keep(struct capture *c, const char *data, size_t len)
{
	size_t n = keep_head(c, data, len);

	keep_tail(c, data + n, len - n);
	c->total += len;
}

/* The stream at `at`, and how much of it lies there in one piece; while nothing
 * was left out. */
static const char *kept_at(const struct capture *c, uint64_t at, size_t *len)
{
	if (at < c->head_len) {
		*len = c->head_len - (size_t)at;
		return c->head + at;
	}
	*len = (size_t)(c->total - at);
	return c->tail + (at - c->head_len);
}

/* Hands out what has not been shown yet, up to `end`. */
static void show(struct capture *c, uint64_t end)
{
	while (c->ev.live && c->shown < end) {
		size_t len;
		const char *data = kept_at(c, c->shown, &len);

		if (len > end - c->shown)
			len = (size_t)(end - c->shown);
		c->shown += len;
		c->ev.live(c->ev.arg, data, len);
	}
}

/* Where the last whole character of what has come ends. */
static uint64_t whole(const struct capture *c)
{
	size_t n = c->total < 3 ? (size_t)c->total : 3, len;
	char last[3];

	for (size_t i = 0; i < n; i++)
		last[i] = *kept_at(c, c->total - n + i, &len);
	return c->total - n + str_utf8_cut(last, n);
}

static void take(struct capture *c, const char *data, size_t len)
{
	uint64_t left = c->limit > c->total ? c->limit - c->total : 0;
	size_t n = len < left ? len : (size_t)left;

	if (n) {
		keep(c, data, n);
		show(c, whole(c));
	}
	keep(c, data + n, len - n);
	if (c->over || c->total <= c->limit)
		return;
	c->over = true;
	if (c->ev.over)
		c->ev.over(c->ev.arg);
}

static void stop(struct capture *c)
{
	loop_unwatch(mem_take(c->watch));
	fd_close(&c->fd);
}

/* False when there is nothing more to read now, or ever. */
static bool read_some(struct capture *c)
{
	char *data = c->piece;
	ssize_t n = read(c->fd, data, READ_SIZE);

	if (n > 0) {
		take(c, data, (size_t)n);
		return true;
	}
	if (n < 0 && errno == EINTR)
		return true;
	if (n == 0 || errno != EAGAIN)
		stop(c);
	return false;
}

static void on_readable(void *arg, uint32_t events)
{
	read_some(arg);
}

int capture_start(struct capture **out, struct loop *l, int fd, uint64_t limit,
		  const struct capture_events *ev, struct err *err)
{
	struct capture *c = mem_new(struct capture);
	int rc = fd_set_nonblock(fd, true, err);

	c->piece = mem_zero(READ_SIZE, 1);
	c->fd = fd;
	c->ev = *ev;
	c->limit = limit;
	c->head_max = (size_t)(limit / 2);
	c->tail_max = (size_t)(limit - limit / 2);
	if (rc >= 0) {
		c->watch = loop_watch(l, fd, EPOLLIN, on_readable, c, err);
		rc = c->watch ? 0 : -ERR_SYSTEM;
	}
	if (rc < 0) {
		capture_destroy(c);
		return rc;
	}
	*out = c;
	return 0;
}

/* The ring in order. */
static void unroll(struct capture *c)
{
	char *line;

	if (!c->tail_at)
		return;
	line = mem_zero(c->tail_len, 1);
	memcpy(line, c->tail + c->tail_at, c->tail_len - c->tail_at);
	memcpy(line + c->tail_len - c->tail_at, c->tail, c->tail_at);
	mem_free(c->tail);
	c->tail = line;
	c->tail_at = 0;
	c->tail_cap = c->tail_len;
}

/* First byte at or after `at` that does not continue a UTF-8 sequence. */
static size_t next_start(const struct capture *c, size_t at)
{
	size_t end = at + 3 < c->tail_len ? at + 3 : c->tail_len;

	while (at < end && ((unsigned char)c->tail[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t marker(char text[MARKER_SIZE], uint64_t omitted)
{
	return (size_t)snprintf(text, MARKER_SIZE,
				"\n[coop: %" PRIu64 " bytes omitted]\n",
				omitted);
}

/* What `live` has not seen: the rest, or the tail behind a marker. */
static void show_rest(struct capture *c)
{
	uint64_t tail_start = c->total - c->tail_len;
	char text[MARKER_SIZE];
	size_t at;

	if (!c->over)
		show(c, c->total);
	if (!c->over || !c->ev.live)
		return;
	at = tail_start <= c->shown ? (size_t)(c->shown - tail_start)
				    : next_start(c, 0);
	if (tail_start + at > c->shown)
		c->ev.live(c->ev.arg, text,
			   marker(text, tail_start + at - c->shown));
	if (at < c->tail_len)
		c->ev.live(c->ev.arg, c->tail + at, c->tail_len - at);
}

void capture_end(struct capture *c)
{
	for (int i = 0; i < LAST_READS && c->fd >= 0; i++)
		if (!read_some(c))
			break;
	stop(c);
	unroll(c);
	show_rest(c);
}

char *capture_take(struct capture *c, size_t *len, bool *truncated)
{
	size_t head = c->head_len, start = 0, n = 0;
	char text[MARKER_SIZE];
	char *out;

	if (c->over) {
		head = str_utf8_cut(c->head, c->head_len);
		start = next_start(c, 0);
		n = marker(text, c->total - head - (c->tail_len - start));
	}
	*len = head + n + c->tail_len - start;
	out = mem_zero(*len + 1, 1);
	if (head)
		memcpy(out, c->head, head);
	if (n)
		memcpy(out + head, text, n);
	if (c->tail_len > start)
		memcpy(out + head + n, c->tail + start, c->tail_len - start);
	*truncated = c->over;
	return out;
}

bool capture_over(const struct capture *c)
{
	return c->over;
}

void capture_destroy(struct capture *c)
{
	if (!c)
		return;
	stop(c);
	mem_free(c->head);
	mem_free(c->tail);
	mem_free(c->piece);
	mem_free(c);
}
