/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object a line, one write(2) a line, so that lines of several
 * processes on one pipe do not mix. Neither rotates nor remembers anything.
 */
#include "executor/base/log.h"

#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/json_writer.h"
#include "executor/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

/* What the text of a line is, and what stands behind it. */
struct content {
	const char *text;
	size_t len;
	const struct log_field *fields;
	size_t count;
};

static void add_line(struct buf *out, const struct log *log,
		     enum log_level level, const struct content *c)
{
	char stamp[CLOCK_STAMP_SIZE];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w);
	jw_kstring(&w, "time", clock_stamp(stamp));
	jw_kstring(&w, "level", level_names[level]);
	jw_kstring(&w, "who", log->who);
	jw_key(&w, "text");
	jw_string_n(&w, c->text, c->len);
	for (size_t i = 0; i < c->count; i++)
		if (c->fields[i].text)
			jw_kstring(&w, c->fields[i].key, c->fields[i].text);
		else
			jw_kint(&w, c->fields[i].key, c->fields[i].number);
	jw_end_object(&w);
	buf_putc(out, '\n');
}

static void write_line(const struct log *log, enum log_level level,
		       struct content *c)
{
	ssize_t ignored;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	/* escapes may grow it sixfold: cut the text, never the object */
	for (;;) {
		buf_clear(&line);
		add_line(&line, log, level, c);
		if (!line.overflow || (!c->count && !c->len))
			break;
		if (c->count)
			c->count = 0;
		else
			c->len = str_utf8_cut(c->text, c->len * 3 / 4);
	}
	/* where a log line cannot be written nobody can be told */
	ignored = write(log->fd, line.data, line.len);
	(void)ignored;
	buf_finish(&line);
}

void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	va_list ap;

	if (!log || level > log->level)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	struct content c = { .text = text, .len = strlen(text) };
	write_line(log, level, &c);
}

void log_fields(const struct log *log, enum log_level level, const char *text,
		const struct log_field *fields, size_t count)
{
	struct content c = { text, strlen(text), fields, count };

	if (log && level <= log->level)
		write_line(log, level, &c);
}
