/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan before cJSON: a recursive descent over the grammar of RFC 8259 that
 * goes only so many levels down as it is told. Keys of one object are compared
 * decoded, when it ends. Knows nothing of what the text is for.
 */
#include "executor/base/json_scan.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cJSON copies a number into 64 bytes and goes wrong beyond. */
#define NUMBER_MAX 63
/* Whole numbers of so many digits come back from a double as they were. */
#define PLAIN_DIGITS 15

/* A key of an object that has not ended: its decoded text lies in `names`. */
struct key {
	size_t name, len, at;
};

struct cursor {
	char *text;
	size_t len, at;
	unsigned depth, depth_max;
	size_t numbers; /* seen so far */
	struct json_scan *out;
	struct key *keys;
	size_t key_count, key_cap;
	struct buf names;
	struct err *err;
};

static int scan_value(struct cursor *c);

/* ---- faults ---- */

/* Columns count characters, as editors do. */
static int fail_at(struct cursor *c, size_t at, enum err_code code,
		   const char *why)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at; i++) {
		if (c->text[i] == '\n') {
			line++;
			column = 1;
		} else if ((c->text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	return err_set(c->err, code, "line %zu, column %zu: %s", line, column,
		       why);
}

static int fail(struct cursor *c, const char *why)
{
	return fail_at(c, c->at, ERR_INVALID, why);
}

/* ---- single characters ---- */

/* The next byte; -1 at the end. */
static int peek(const struct cursor *c)
{
	return c->at < c->len ? (unsigned char)c->text[c->at] : -1;
}

static bool accept(struct cursor *c, char wanted)
{
	if (peek(c) != (unsigned char)wanted)
		return false;
	c->at++;
	return true;
}

static void skip_blanks(struct cursor *c)
{
	while (c->at < c->len && c->text[c->at] &&
	       strchr(" \t\r\n", c->text[c->at]))
		c->at++;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* ---- strings ---- */

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Value of the four hexadecimal digits at text[at]; -1 if they are none. */
static int hex4(const struct cursor *c, size_t at)
{
	int value = 0;

	if (c->len - at < 4)
		return -1;
	for (size_t i = at; i < at + 4; i++) {
		int digit = hex_digit(c->text[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* c->at is behind \u. What a C string cannot hold becomes \ufffd. */
static int scan_unicode(struct cursor *c)
{
	int first = hex4(c, c->at), second = -1;

	if (first < 0)
		return fail(c, "\\u needs four hexadecimal digits");
	if (first >= 0xd800 && first < 0xdc00 && c->len - c->at >= 10 &&
	    memcmp(c->text + c->at + 4, "\\u", 2) == 0)
		second = hex4(c, c->at + 6);
	if (second >= 0xdc00 && second < 0xe000) {
		c->at += 10;
		return 0;
	}
	if (!first || (first >= 0xd800 && first < 0xe000))
		memcpy(c->text + c->at, "fffd", 4);
	c->at += 4;
	return 0;
}

static int scan_escape(struct cursor *c)
{
	int kind = peek(c);

	if (kind <= 0 || !strchr("\"\\/bfnrtu", kind))
		return fail(c, "there is no such escape");
	c->at++;
	return kind == 'u' ? scan_unicode(c) : 0;
}

/* c->at is behind the opening quote; ends behind the closing one. */
static int scan_string(struct cursor *c)
{
	for (;;) {
		int next = peek(c), rc = 0;

		if (next < 0)
			return fail(c, "the string has no end");
		if (next < 0x20)
			return fail(c, "a control character in a string");
		if (next >= 0x80) {
			size_t n = str_utf8_len(c->text + c->at,
						c->len - c->at);

			if (!n)
				return fail(c, "a byte that is not UTF-8");
			c->at += n;
			continue;
		}
		c->at++;
		if (next == '"')
			return 0;
		if (next == '\\')
			rc = scan_escape(c);
		if (rc < 0)
			return rc;
	}
}

/* ---- numbers ---- */

static size_t skip_digits(struct cursor *c)
{
	size_t from = c->at;

	while (is_digit(peek(c)))
		c->at++;
	return c->at - from;
}

static int note_number(struct cursor *c, size_t from, bool whole)
{
	struct json_scan *out = c->out;
	size_t len = c->at - from, nth = c->numbers++;
	char copy[NUMBER_MAX + 1];

	if (len > NUMBER_MAX)
		return fail_at(c, from, ERR_TOO_LARGE,
			       "a number has more than 63 characters");
	memcpy(copy, c->text + from, len);
	copy[len] = '\0';
	if (whole && len <= PLAIN_DIGITS && strcmp(copy, "-0") != 0)
		return 0;
	if (!isfinite(strtod(copy, NULL)))
		return fail_at(c, from, ERR_INVALID,
			       "the number is out of range");
	if (out->count == out->cap) {
		out->cap = out->cap ? 2 * out->cap : 8;
		out->numbers = mem_resize(out->numbers, out->cap,
					  sizeof(*out->numbers));
	}
	out->numbers[out->count++] = (struct json_lexeme){ nth, from, len };
	return 0;
}

static int scan_number(struct cursor *c)
{
	size_t from = c->at;
	bool whole = true;

	accept(c, '-');
	if (!accept(c, '0') && !skip_digits(c))
		return fail(c, "a digit is missing");
	if (is_digit(peek(c)))
		return fail(c, "a number begins with 0");
	if (accept(c, '.')) {
		whole = false;
		if (!skip_digits(c))
			return fail(c, "a digit is missing");
	}
	if (accept(c, 'e') || accept(c, 'E')) {
		whole = false;
		if (!accept(c, '-'))
			accept(c, '+');
		if (!skip_digits(c))
			return fail(c, "a digit is missing");
	}
	return note_number(c, from, whole);
}

/* ---- keys ---- */

static void add_utf8(struct buf *out, unsigned code)
{
	if (code >= 0x10000) {
		buf_putc(out, (char)(0xf0 | code >> 18));
		buf_putc(out, (char)(0x80 | (code >> 12 & 0x3f)));
	} else if (code >= 0x800) {
		buf_putc(out, (char)(0xe0 | code >> 12));
	}
	if (code >= 0x800)
		buf_putc(out, (char)(0x80 | (code >> 6 & 0x3f)));
	else if (code >= 0x80)
		buf_putc(out, (char)(0xc0 | code >> 6));
	if (code >= 0x80)
		buf_putc(out, (char)(0x80 | (code & 0x3f)));
	else
		buf_putc(out, (char)code);
}

/* Decodes the escape behind the backslash at `at`; returns where it ends. */
static size_t decode_escape(struct cursor *c, size_t at)
{
	static const char kinds[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char *kind = strchr(kinds, c->text[at]);
	unsigned code;

	if (c->text[at] != 'u') {
		buf_putc(&c->names, kind ? means[kind - kinds] : c->text[at]);
		return at + 1;
	}
	code = (unsigned)hex4(c, at + 1);
	at += 5;
	if (code >= 0xd800 && code < 0xdc00) {
		/* scanned before: a second half stands there */
		unsigned low = (unsigned)hex4(c, at + 2);

		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
		at += 6;
	}
	add_utf8(&c->names, code);
	return at;
}

/* Notes the key between the quotes that end at c->at. */
static void note_key(struct cursor *c, size_t from)
{
	struct key *key;

	if (c->key_count == c->key_cap) {
		c->key_cap = c->key_cap ? 2 * c->key_cap : 16;
		c->keys = mem_resize(c->keys, c->key_cap, sizeof(*c->keys));
	}
	key = &c->keys[c->key_count++];
	key->at = from;
	key->name = c->names.len;
	for (size_t at = from + 1; at < c->at - 1;) {
		size_t rest = c->at - 1 - at;
		const char *escape = memchr(c->text + at, '\\', rest);
		size_t plain = escape ? (size_t)(escape - c->text) - at : rest;

		buf_add(&c->names, c->text + at, plain);
		at += plain;
		if (escape)
			at = decode_escape(c, at + 1);
	}
	key->len = c->names.len - key->name;
}

static int order_names(const struct key *a, const struct key *b,
		       const char *names)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int order = len ? memcmp(names + a->name, names + b->name, len) : 0;

	if (!order && a->len != b->len)
		order = a->len < b->len ? -1 : 1;
	return order;
}

/* By name, then by place: the second of two equal ones is the fault. */
static int compare_keys(const void *a, const void *b, void *names)
{
	const struct key *ka = a, *kb = b;
	int order = order_names(ka, kb, names);

	if (!order)
		order = ka->at < kb->at ? -1 : 1;
	return order;
}

/* The object whose keys begin at `first` has ended: compares, forgets them. */
static int end_keys(struct cursor *c, size_t first)
{
	size_t count = c->key_count - first, names;
	struct key *keys;

	if (!count)
		return 0;
	keys = c->keys + first;
	names = keys[0].name;
	if (count > 1)
		qsort_r(keys, count, sizeof(*keys), compare_keys,
			c->names.data);
	for (size_t i = 1; i < count; i++) {
		char why[96];

		if (order_names(&keys[i - 1], &keys[i], c->names.data) != 0)
			continue;
		snprintf(why, sizeof(why), "the key \"%.*s\" stands twice",
			 keys[i].len > 60 ? 60 : (int)keys[i].len,
			 c->names.data + keys[i].name);
		return fail_at(c, keys[i].at, ERR_INVALID, why);
	}
	c->key_count = first;
	c->names.len = names;
	return 0;
}

/* ---- values ---- */

static int scan_member(struct cursor *c)
{
	size_t from = c->at;
	int rc;

	if (!accept(c, '"'))
		return fail(c, "a key in quotes is missing");
	rc = scan_string(c);
	if (rc < 0)
		return rc;
	note_key(c, from);
	skip_blanks(c);
	if (!accept(c, ':'))
		return fail(c, "a colon is missing");
	return scan_value(c);
}

/* c->at is behind the opening bracket. */
static int scan_items(struct cursor *c, bool object)
{
	char end = object ? '}' : ']';

	skip_blanks(c);
	if (accept(c, end))
		return 0;
	for (;;) {
		int rc;

		skip_blanks(c);
		rc = object ? scan_member(c) : scan_value(c);
		if (rc < 0)
			return rc;
		skip_blanks(c);
		if (accept(c, end))
			return 0;
		if (!accept(c, ','))
			return fail(c, object ? "a comma or } is missing"
					      : "a comma or ] is missing");
	}
}

static int scan_container(struct cursor *c, bool object)
{
	size_t first = c->key_count;
	int rc;

	if (c->depth == c->depth_max)
		return fail_at(c, c->at - 1, ERR_TOO_LARGE,
			       "it is nested too deeply");
	c->depth++;
	rc = scan_items(c, object);
	c->depth--;
	return rc < 0 ? rc : end_keys(c, first);
}

static int scan_word(struct cursor *c, const char *word)
{
	size_t len = strlen(word);

	if (c->len - c->at < len || memcmp(c->text + c->at, word, len) != 0)
		return fail(c, "a value is missing");
	c->at += len;
	return 0;
}

static int scan_value(struct cursor *c)
{
	skip_blanks(c);
	switch (peek(c)) {
	case '{':
		c->at++;
		return scan_container(c, true);
	case '[':
		c->at++;
		return scan_container(c, false);
	case '"':
		c->at++;
		return scan_string(c);
	case 't':
		return scan_word(c, "true");
	case 'f':
		return scan_word(c, "false");
	case 'n':
		return scan_word(c, "null");
	default:
		if (peek(c) == '-' || is_digit(peek(c)))
			return scan_number(c);
		return fail(c, "a value is missing");
	}
}

int json_scan(struct json_scan *scan, char *text, size_t len,
	      unsigned depth_max, struct err *err)
{
	struct cursor c = { .text = text,
			    .len = len,
			    .depth_max = depth_max,
			    .out = scan,
			    .err = err };
	int rc;

	*scan = (struct json_scan){ .numbers = NULL };
	buf_init(&c.names, len);
	rc = scan_value(&c);
	skip_blanks(&c);
	if (rc == 0 && c.at < c.len)
		rc = fail(&c, "text stands after the value");
	mem_free(c.keys);
	buf_finish(&c.names);
	return rc;
}

void json_scan_finish(struct json_scan *scan)
{
	mem_free(scan->numbers);
	*scan = (struct json_scan){ .numbers = NULL };
}
