/* SPDX-License-Identifier: Apache-2.0 */
/* Printing for people and, with --json, for programs. */
#include "executor/cmd/say.h"

#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/options.h"
#include "executor/base/str.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void say_json(const struct err *err)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 64 * 1024);
	jw_init(&w, &out);
	jw_object(&w);
	jw_key(&w, "error");
	jw_object(&w);
	jw_kstring(&w, "code", err_name(err->code));
	jw_kstring(&w, "message", err->text);
	if (*err->field)
		jw_kstring(&w, "field", err->field);
	if (*err->remedy)
		jw_kstring(&w, "remedy", err->remedy);
	jw_end_object(&w);
	jw_end_object(&w);
	buf_putc(&out, '\n');
	say_bytes(STDOUT_FILENO, out.data, out.len);
	buf_finish(&out);
}

int say_err(const struct err *err, bool json)
{
	char text[1024];

	fprintf(stderr, "coop: %s\n", err_format(err, text, sizeof(text)));
	if (json)
		say_json(err);
	if (str_equal(err->field, "command") && err->code == ERR_NOT_FOUND)
		return 127;
	if (str_equal(err->field, "command") && err->code == ERR_FORBIDDEN)
		return 126;
	return SAY_FAILED;
}

int say_coop_err(const struct coop_err *err, bool json)
{
	struct err e = { .code = (enum err_code)err->code };

	str_copy(e.field, sizeof(e.field), err->field);
	str_copy(e.text, sizeof(e.text), err->text);
	str_copy(e.remedy, sizeof(e.remedy), err->remedy);
	return say_err(&e, json);
}

int say_bytes(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLOUT };

			poll(&p, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

void say_help(const char *usage, const char *about,
	      const struct option_row *rows)
{
	struct buf out;

	buf_init(&out, 64 * 1024);
	buf_printf(&out, "usage: %s\n\n%s\n", usage, about);
	if (rows) {
		buf_puts(&out, "\n");
		options_help(rows, &out);
	}
	say_bytes(STDOUT_FILENO, out.data, out.len);
	buf_finish(&out);
}
