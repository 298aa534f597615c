/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Log lines for programs, as one JSON object a line on standard error or
 * nowhere. Libraries take a struct log *, which may be NULL: then it is silent.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

struct log {
	enum log_level level;
	int fd;          /* borrowed */
	const char *who; /* program name */
};

/* One line, at most 2048 bytes, written by one write(2). log may be NULL. */
void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A member of its own in the line, for programs that read it. */
struct log_field {
	const char *key;
	const char *text; /* NULL: number */
	int64_t number;
};

/* As log_line(), with a constant text and `count` fields behind it; a line that
 * would be over the maximum loses its fields. */
void log_fields(const struct log *log, enum log_level level, const char *text,
		const struct log_field *fields, size_t count);
