/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills and words error values. Does not log, print or decide what happens
 * next; who gets an error adds the field and the remedy, who prints is cmd/.
 */
#include "executor/base/err.h"

#include <stdio.h>
#include <string.h>

struct code {
	const char *name;
	int http;
	const char *text;
};

/* clang-format off */
static const struct code codes[] = {
	[ERR_NONE] = { "ok", 200, "no error" },
#define ERR_ROW(sym, name, http, text) [sym] = { name, http, text },
	ERR_TABLE(ERR_ROW)
#undef ERR_ROW
};
/* clang-format on */

/* A foreign number must not lead out of the table. */
static enum err_code known(enum err_code code)
{
	if ((unsigned)code >= sizeof(codes) / sizeof(codes[0]))
		return ERR_INTERNAL;
	return code;
}

/* Without a format the table's sentence stands. */
__attribute__((format(printf, 3, 0))) static void
set_text(struct err *err, enum err_code code, const char *fmt, va_list ap)
{
	char text[sizeof(err->text)];

	if (fmt)
		vsnprintf(text, sizeof(text), fmt, ap);
	else
		snprintf(text, sizeof(text), "%s", codes[known(code)].text);
	/* only now, because the arguments may point into *err itself */
	*err = (struct err){ .code = code };
	memcpy(err->text, text, sizeof(text));
}

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return -(int)code;
	va_start(ap, fmt);
	set_text(err, code, fmt, ap);
	va_end(ap);
	return -(int)code;
}

int err_sys(struct err *err, int errno_value, const char *fmt, ...)
{
	const char *why = strerrordesc_np(errno_value);
	va_list ap;
	size_t len;

	if (!err)
		return -ERR_SYSTEM;
	va_start(ap, fmt);
	set_text(err, ERR_SYSTEM, fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	if (why)
		snprintf(err->text + len, sizeof(err->text) - len, ": %s", why);
	else
		snprintf(err->text + len, sizeof(err->text) - len, ": error %d",
			 errno_value);
	return -ERR_SYSTEM;
}

int err_field(struct err *err, const char *fmt, ...)
{
	char field[sizeof(err->field)];
	va_list ap;

	if (!err)
		return -ERR_INTERNAL;
	va_start(ap, fmt);
	vsnprintf(field, sizeof(field), fmt, ap);
	va_end(ap);
	memcpy(err->field, field, sizeof(field));
	return -(int)err->code;
}

int err_try(struct err *err, const char *fmt, ...)
{
	char remedy[sizeof(err->remedy)];
	va_list ap;

	if (!err)
		return -ERR_INTERNAL;
	va_start(ap, fmt);
	vsnprintf(remedy, sizeof(remedy), fmt, ap);
	va_end(ap);
	memcpy(err->remedy, remedy, sizeof(remedy));
	return -(int)err->code;
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;
	size_t len;

	if (!err)
		return -ERR_INTERNAL;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	len = strlen(text);
	snprintf(text + len, sizeof(text) - len, "%s", err->text);
	memcpy(err->text, text, sizeof(text));
	return -(int)err->code;
}

const char *err_format(const struct err *err, char *buf, unsigned size)
{
	const char *text = err->text;

	if (!size)
		return buf;
	if (!text[0])
		text = codes[known(err->code)].text;
	snprintf(buf, size, "%s%s%s%s%s", err->field, err->field[0] ? ": " : "",
		 text, err->remedy[0] ? ". Try: " : "", err->remedy);
	return buf;
}

const char *err_name(enum err_code code)
{
	return codes[known(code)].name;
}

int err_http(enum err_code code)
{
	return codes[known(code)].http;
}
