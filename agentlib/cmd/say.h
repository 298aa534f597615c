/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What coop-team says: errors and notices on standard error, text on standard
 * output. Text that models and programs wrote loses its control characters on a
 * terminal, so that it cannot steer it.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Exit statuses beyond a program's own (design: coop team). */
enum {
	EXIT_STOPPED = 0,
	EXIT_AGENT = 1, /* an agent or a model failed */
	EXIT_TIME = 124,
	EXIT_COOP = 125, /* Coop failed, or the file or command line is wrong */
	EXIT_CANCELLED = 130
};

/* "coop: FIELD: sentence. Try: remedy" */
void say_error(const struct err *err);

/* "coop: " and the text, as a line. */
void say_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Writes all of it to standard output; -ERR_SYSTEM when that is closed. */
int say_out(const char *data, size_t len, struct err *err);

/* Whether colours are welcome on standard output. */
bool say_colours(void);
/* Whether standard output is a terminal. */
bool say_terminal(void);

/* Appends `s` without the control characters that steer terminals. */
void say_safe(struct buf *out, const char *s, size_t len);
