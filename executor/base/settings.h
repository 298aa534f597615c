/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The line format of profiles, languages and configuration:
 * sections in [brackets], `key = value`, # comments (whole line or after
 * blanks), CRLF accepted, no continuation lines. Values keep inner blanks.
 * Knows no keys: the caller's rows decide what exists.
 */
#include "executor/base/err.h"
#include <stddef.h>

struct settings_line {
	const char *file;
	unsigned line;
	const char *section; /* "" before the first */
	const char *key;
	const char *value;
};

/*
 * Calls fn for every `key = value` of text in order; stops at the first error
 * of the text or of fn. err->field becomes "FILE:LINE". The strings live only
 * during the call. NUL bytes, bad UTF-8 and lines over 4096 bytes are errors.
 */
typedef int settings_fn(void *arg, const struct settings_line *line,
			struct err *err);
int settings_parse(const char *file, const char *text, size_t len,
		   settings_fn *fn, void *arg, struct err *err);
