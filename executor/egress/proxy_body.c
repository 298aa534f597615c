/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks by a machine of one byte at a time, data in whole pieces. */
#include "executor/egress/proxy_body.h"

#include <string.h>

#define LINE_MAX_BYTES 4096 /* a chunk's size and extensions, or a trailer */
#define SIZE_DIGITS 12      /* hexadecimal: 256 TB in one chunk */

enum {
	SIZE,      /* hexadecimal digits */
	EXTENSION, /* after ";" */
	SIZE_LF,   /* the LF after the size's CR */
	DATA,
	DATA_CR, /* behind the data */
	DATA_LF,
	TRAILER,    /* first byte of a line behind the last chunk */
	TRAILER_IN, /* the rest of it */
	TRAILER_LF,
	END_LF
};

void proxy_body_begin(struct proxy_body *b, const struct proxy_frame *f)
{
	memset(b, 0, sizeof(*b));
	b->kind = f->kind;
	b->left = f->kind == PROXY_LENGTH ? f->length : 0;
	b->done = f->kind == PROXY_NO_BODY ||
		  (f->kind == PROXY_LENGTH && !f->length);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_text(char c)
{
	return (unsigned char)c >= 0x20 ? c != 0x7f : c == '\t';
}

/* The size's line, byte by byte; false when it is malformed. */
static bool take_size(struct proxy_body *b, char c)
{
	int digit = hex_digit(c);

	if (b->state == SIZE && digit >= 0) {
		b->left = b->left * 16 + (uint64_t)digit;
		return b->line <= SIZE_DIGITS;
	}
	/* at least one digit, and no blanks: some readers would stop there */
	if (b->line == 1 || (b->state == SIZE && c != ';' && c != '\r'))
		return false;
	if (c == '\r')
		b->state = SIZE_LF;
	else
		b->state = EXTENSION;
	return c == '\r' || is_text(c);
}

static bool expect(struct proxy_body *b, char c, char want, int next)
{
	b->state = next;
	b->line = 0;
	return c == want;
}

static bool take_trailer(struct proxy_body *b, char c)
{
	if (c == '\r') {
		b->state = b->state == TRAILER ? END_LF : TRAILER_LF;
		return true;
	}
	/* a folded line is none here either */
	if (b->state == TRAILER && (c == ' ' || c == '\t'))
		return false;
	b->state = TRAILER_IN;
	return is_text(c);
}

/* One byte of a frame. */
static bool take_byte(struct proxy_body *b, char c)
{
	if (++b->line > LINE_MAX_BYTES)
		return false;
	switch (b->state) {
	case SIZE:
	case EXTENSION:
		return take_size(b, c);
	case SIZE_LF:
		return expect(b, c, '\n', b->left ? DATA : TRAILER);
	case DATA_CR:
		return expect(b, c, '\r', DATA_LF);
	case DATA_LF:
		return expect(b, c, '\n', SIZE);
	case TRAILER:
	case TRAILER_IN:
		return take_trailer(b, c);
	case TRAILER_LF:
		return expect(b, c, '\n', TRAILER);
	default:
		b->done = c == '\n';
		return b->done;
	}
}

static size_t take_data(struct proxy_body *b, size_t len)
{
	size_t n = b->left < len ? (size_t)b->left : len;

	b->left -= n;
	return n;
}

ssize_t proxy_body_take(struct proxy_body *b, const char *data, size_t len,
			struct err *err)
{
	size_t used = 0;

	if (b->done)
		return 0;
	if (b->kind == PROXY_CLOSE)
		return (ssize_t)len;
	if (b->kind == PROXY_LENGTH) {
		used = take_data(b, len);
		b->done = !b->left;
		return (ssize_t)used;
	}
	while (used < len && !b->done) {
		if (b->state == DATA) {
			used += take_data(b, len - used);
			if (!b->left)
				b->state = DATA_CR;
		} else if (!take_byte(b, data[used++])) {
			return err_set(err, ERR_INVALID, "a malformed chunk");
		}
	}
	return (ssize_t)used;
}
