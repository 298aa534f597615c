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

static void write_line(struct buf *out, const struct log *log,
		       enum log_level level, const char *text, size_t len)
{
	char stamp[CLOCK_STAMP_SIZE];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w);
	jw_kstring(&w, "time", clock_stamp(stamp));
	jw_kstring(&w, "level", level_names[level]);
	jw_kstring(&w, "who", log->who);
	jw_key(&w, "text");
	jw_string_n(&w, text, len);
	jw_end_object(&w);
	buf_putc(out, '\n');
}

void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	ssize_t ignored;
	struct buf line;
	va_list ap;
	size_t len;

	if (!log || level > log->level)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&line, LINE_MAX_BYTES);
	/* escapes may grow it sixfold: cut the text, never the object */
	for (len = strlen(text);; len = str_utf8_cut(text, len * 3 / 4)) {
		buf_clear(&line);
		write_line(&line, log, level, text, len);
		if (!line.overflow || !len)
			break;
	}
	/* where a log line cannot be written nobody can be told */
	ignored = write(log->fd, line.data, line.len);
	(void)ignored;
	buf_finish(&line);
}
