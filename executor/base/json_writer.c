/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON out, straight into a buf. Cares for commas, escapes, bad UTF-8 and
 * numbers; that keys and ends match is the caller's business.
 */
#include "executor/base/json_writer.h"

#include "executor/base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jw_init(struct json_writer *w, struct buf *out)
{
	*w = (struct json_writer){ .out = out };
}

/* What stands before a value; the next one then needs a comma. */
static void begin(struct json_writer *w)
{
	if (w->comma)
		buf_putc(w->out, ',');
	w->comma = true;
}

static void open_with(struct json_writer *w, char bracket)
{
	begin(w);
	buf_putc(w->out, bracket);
	w->comma = false;
	w->depth++;
}

static void close_with(struct json_writer *w, char bracket)
{
	buf_putc(w->out, bracket);
	w->comma = true;
	w->depth--;
}

void jw_object(struct json_writer *w)
{
	open_with(w, '{');
}

void jw_end_object(struct json_writer *w)
{
	close_with(w, '}');
}

void jw_array(struct json_writer *w)
{
	open_with(w, '[');
}

void jw_end_array(struct json_writer *w)
{
	close_with(w, ']');
}

static void write_escape(struct buf *out, unsigned char c)
{
	static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (size_t i = 0; i < sizeof(short_forms) - 1; i += 2)
		if ((unsigned char)short_forms[i] == c) {
			char two[2] = { '\\', short_forms[i + 1] };

			buf_add(out, two, sizeof(two));
			return;
		}
	buf_printf(out, "\\u%04x", c);
}

static bool is_plain(unsigned char c)
{
	/* DEL is legal, but terminals may act on it */
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void write_string(struct buf *out, const char *s, size_t len)
{
	size_t at = 0;

	buf_putc(out, '"');
	while (at < len) {
		size_t from = at;

		while (at < len && is_plain((unsigned char)s[at]))
			at++;
		str_utf8_add(out, s + from, at - from);
		if (at < len)
			write_escape(out, (unsigned char)s[at++]);
	}
	buf_putc(out, '"');
}

void jw_key(struct json_writer *w, const char *key)
{
	begin(w);
	write_string(w->out, key, strlen(key));
	buf_putc(w->out, ':');
	w->comma = false;
}

void jw_string_n(struct json_writer *w, const char *s, size_t len)
{
	begin(w);
	write_string(w->out, s, len);
}

void jw_string(struct json_writer *w, const char *s)
{
	if (s)
		jw_string_n(w, s, strlen(s));
	else
		jw_null(w);
}

void jw_int(struct json_writer *w, int64_t v)
{
	begin(w);
	buf_printf(w->out, "%lld", (long long)v);
}

void jw_uint(struct json_writer *w, uint64_t v)
{
	begin(w);
	buf_printf(w->out, "%llu", (unsigned long long)v);
}

void jw_number(struct json_writer *w, double v)
{
	char text[40];

	if (!isfinite(v)) {
		jw_null(w);
		return;
	}
	/* the shortest of the three that reads back as the same number */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	/* the embedding program may have set a locale with a comma */
	for (char *s = text; *s; s++)
		if (!strchr("0123456789+-e", *s))
			*s = '.';
	begin(w);
	buf_puts(w->out, text);
}

void jw_bool(struct json_writer *w, bool v)
{
	jw_raw(w, v ? "true" : "false");
}

void jw_null(struct json_writer *w)
{
	jw_raw(w, "null");
}

void jw_raw(struct json_writer *w, const char *json)
{
	begin(w);
	buf_puts(w->out, json);
}

void jw_kstring(struct json_writer *w, const char *key, const char *s)
{
	jw_key(w, key);
	jw_string(w, s);
}

void jw_kint(struct json_writer *w, const char *key, int64_t v)
{
	jw_key(w, key);
	jw_int(w, v);
}

void jw_kuint(struct json_writer *w, const char *key, uint64_t v)
{
	jw_key(w, key);
	jw_uint(w, v);
}

void jw_kbool(struct json_writer *w, const char *key, bool v)
{
	jw_key(w, key);
	jw_bool(w, v);
}

void jw_knull(struct json_writer *w, const char *key)
{
	jw_key(w, key);
	jw_null(w);
}
