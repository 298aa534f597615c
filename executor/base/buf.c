/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing bytes under a maximum. An empty buffer owns no memory: `data` then
 * points at a constant empty string, told apart by cap == 0. Not for queues of
 * single bytes: buf_consume() moves what is left.
 */
#include "executor/base/buf.h"

#include "executor/base/err.h"
#include "executor/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIRST_SIZE 64

static const char nothing[1];

void buf_init(struct buf *b, size_t max)
{
	/* one byte of every buffer is the final NUL */
	*b = (struct buf){ .data = (char *)nothing,
			   .max = max < SIZE_MAX / 2 ? max : SIZE_MAX / 2 };
}

void buf_finish(struct buf *b)
{
	if (!b)
		return;
	if (b->cap)
		mem_free(b->data);
	*b = (struct buf){ .data = NULL };
}

/* Makes cap at least len + 1 bytes; false, and latched, when over the max. */
static bool reserve(struct buf *b, size_t more)
{
	size_t want;

	if (b->overflow || more > b->max - b->len) {
		b->overflow = true;
		return false;
	}
	want = b->len + more + 1;
	if (want <= b->cap)
		return true;
	if (want < 2 * b->cap)
		want = 2 * b->cap;
	if (want < FIRST_SIZE)
		want = FIRST_SIZE;
	if (want > b->max + 1)
		want = b->max + 1;
	b->data = mem_resize(b->cap ? b->data : NULL, want, 1);
	b->cap = want;
	b->data[b->len] = '\0'; /* also when nothing is written after */
	return true;
}

int buf_add(struct buf *b, const void *data, size_t len)
{
	if (!reserve(b, len))
		return -ERR_TOO_LARGE;
	if (len)
		memcpy(b->data + b->len, data, len);
	buf_wrote(b, len);
	return 0;
}

int buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int buf_putc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room;
	va_list ap;
	int n;

	if (!reserve(b, 0))
		return -ERR_TOO_LARGE;
	room = b->cap - b->len;
	va_start(ap, fmt);
	n = vsnprintf(b->data + b->len, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0; /* only a wide string that is no text can fail */
	if ((size_t)n >= room) {
		b->data[b->len] = '\0';
		if (!reserve(b, (size_t)n))
			return -ERR_TOO_LARGE;
		va_start(ap, fmt);
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	buf_wrote(b, (size_t)n);
	return 0;
}

char *buf_space(struct buf *b, size_t len)
{
	return reserve(b, len) ? b->data + b->len : NULL;
}

void buf_wrote(struct buf *b, size_t len)
{
	b->len += len;
	if (b->cap)
		b->data[b->len] = '\0';
}

void buf_consume(struct buf *b, size_t len)
{
	if (len > b->len)
		len = b->len;
	if (!len)
		return;
	memmove(b->data, b->data + len, b->len - len);
	b->len -= len;
	b->data[b->len] = '\0';
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->overflow = false;
	if (b->cap)
		b->data[0] = '\0';
}

char *buf_take(struct buf *b)
{
	char *s = b->cap ? b->data : mem_strdup("");

	buf_init(b, b->max);
	return s;
}
