/* SPDX-License-Identifier: Apache-2.0 */
/* Unbuffered on purpose: what was said is there when the process is killed. */
#include "agentlib/cmd/say.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/str.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

void say_error(const struct err *err)
{
	char text[LINE_MAX_BYTES];

	say_line("%s", err_format(err, text, sizeof(text)));
}

void say_line(const char *fmt, ...)
{
	struct buf raw, out;
	va_list ap;
	char text[LINE_MAX_BYTES];

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&raw, 2 * LINE_MAX_BYTES);
	buf_init(&out, 4 * LINE_MAX_BYTES);
	buf_printf(&raw, "coop: %s", text);
	if (isatty(STDERR_FILENO))
		say_safe(&out, raw.data, raw.len);
	else
		buf_add(&out, raw.data, raw.len);
	buf_putc(&out, '\n');
	fd_write_all(STDERR_FILENO, out.data, out.len, NULL);
	buf_finish(&raw);
	buf_finish(&out);
}

int say_out(const char *data, size_t len, struct err *err)
{
	if (fd_write_all(STDOUT_FILENO, data, len, err) == 0)
		return 0;
	return err_field(err, "standard output");
}

bool say_terminal(void)
{
	return isatty(STDOUT_FILENO);
}

bool say_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return say_terminal() && !(no && *no) && !str_equal(term, "dumb");
}

/* Length of a control sequence's character at s: C0 but tab and newline, DEL,
 * and C1 in its UTF-8 form; 0 when it is plain text. */
static size_t control_len(const char *s, size_t len)
{
	unsigned char c = (unsigned char)s[0];

	if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
		return 1;
	if (c == 0xc2 && len > 1 && (unsigned char)s[1] >= 0x80 &&
	    (unsigned char)s[1] < 0xa0)
		return 2;
	return 0;
}

void say_safe(struct buf *out, const char *s, size_t len)
{
	size_t from = 0, i = 0;

	while (i < len) {
		size_t n = control_len(s + i, len - i);

		if (n == 0) {
			i++;
			continue;
		}
		buf_add(out, s + from, i - from);
		/* A carriage return before a newline is only a line's end. */
		if (!(s[i] == '\r' && i + 1 < len && s[i + 1] == '\n'))
			buf_puts(out, "\xef\xbf\xbd");
		i += n;
		from = i;
	}
	buf_add(out, s + from, i - from);
}
