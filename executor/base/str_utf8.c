/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 as RFC 3629 has it: no surrogates, nothing overlong, nothing above
 * U+10FFFF. Checks and repairs; does not know characters' meaning or width.
 */
#include "executor/base/buf.h"
#include "executor/base/str.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Bytes that a sequence with this first byte has; 0 when none starts so. */
static size_t wanted(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

/* Whether `second` may follow `first`: here RFC 3629 refuses the rest. */
static bool follows(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return (second & 0xc0) == 0x80;
	}
}

/* How many bytes from s on belong to one sequence, whole or begun. */
static size_t sequence(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t want = len ? wanted(u[0]) : 0;
	size_t n = 1;

	if (!want)
		return 0;
	if (n < want && n < len && follows(u[0], u[n]))
		n++;
	else
		return n;
	while (n < want && n < len && (u[n] & 0xc0) == 0x80)
		n++;
	return n;
}

size_t str_utf8_len(const char *s, size_t len)
{
	size_t n = sequence(s, len);

	return n && n == wanted((unsigned char)s[0]) ? n : 0;
}

/* Length of the longest valid prefix. */
static size_t valid_prefix(const char *s, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t n;

		if (!(s[at] & 0x80)) {
			at++;
			continue;
		}
		n = str_utf8_len(s + at, len - at);
		if (!n)
			break;
		at += n;
	}
	return at;
}

bool str_utf8_valid(const char *s, size_t len)
{
	return valid_prefix(s, len) == len;
}

size_t str_utf8_cut(const char *s, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		unsigned char c = (unsigned char)s[len - back];

		if ((c & 0xc0) == 0x80)
			continue;
		if (wanted(c) > back && sequence(s + len - back, back) == back)
			return len - back;
		break;
	}
	return len;
}

int str_utf8_add(struct buf *out, const char *s, size_t len)
{
	while (len) {
		size_t good = valid_prefix(s, len);

		if (buf_add(out, s, good) < 0)
			return -ERR_TOO_LARGE;
		s += good;
		len -= good;
		if (!len)
			break;
		if (buf_add(out, REPLACEMENT, strlen(REPLACEMENT)) < 0)
			return -ERR_TOO_LARGE;
		s++;
		len--;
	}
	return 0;
}
