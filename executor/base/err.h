/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The one error value. The caller owns it, it holds no pointers, so making an
 * error cannot fail and nothing has to be freed. Codes, their wire names, HTTP
 * statuses and sentences stand in one table here; everybody else derives.
 */
#include <stdarg.h>

/* X(enum, wire name, HTTP status, sentence) */
#define ERR_TABLE(X)                                                           \
	X(ERR_INVALID, "invalid_value", 400, "a value is not acceptable")      \
	X(ERR_UNKNOWN, "unknown_name", 400, "a name is not known")             \
	X(ERR_UNAUTHENTICATED, "unauthenticated", 401,                         \
	  "a valid key is needed")                                             \
	X(ERR_FORBIDDEN, "forbidden", 403, "this is not allowed")              \
	X(ERR_NOT_FOUND, "not_found", 404, "there is no such thing")           \
	X(ERR_CONFLICT, "conflict", 409, "the state does not allow this")      \
	X(ERR_TOO_LARGE, "too_large", 413, "a size limit is exceeded")         \
	X(ERR_RATE_LIMITED, "rate_limited", 429, "too many requests")          \
	X(ERR_QUEUE_FULL, "queue_full", 429, "the queue is full")              \
	X(ERR_INTERNAL, "internal", 500, "Coop failed")                        \
	X(ERR_UNSUPPORTED, "unsupported", 501, "this is not supported here")   \
	X(ERR_UNAVAILABLE, "unavailable", 503,                                 \
	  "a needed service is unavailable")                                   \
	X(ERR_SYSTEM, "internal", 500, "a system call failed")                 \
	X(ERR_CANCELLED, "cancelled", 499, "cancelled")                        \
	X(ERR_DEADLINE, "deadline", 504, "the deadline has passed")            \
	X(ERR_BUSY, "conflict", 409, "still in use")                           \
	X(ERR_REENTRANT, "conflict", 409, "called from inside a callback")

enum err_code {
	ERR_NONE = 0,
#define ERR_ENUM(sym, name, http, text) sym,
	ERR_TABLE(ERR_ENUM)
#undef ERR_ENUM
};

struct err {
	enum err_code code;
	char field[96];   /* option, JSON pointer or file:line; may be empty */
	char text[512];   /* one sentence, no final newline */
	char remedy[256]; /* what to try; may be empty */
};

/*
 * Fills *err (which may be NULL) and returns -code, so that a failing function
 * can end with `return err_set(err, ERR_X, "…")`. Clears field and remedy. With
 * a NULL fmt the sentence of the code's row is the text.
 */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set() with ERR_SYSTEM and ": strerror(errno_value)" appended. */
int err_sys(struct err *err, int errno_value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Names the field an error is about; returns -err->code. err may be NULL, but
 * then the code is not known and -ERR_INTERNAL is returned: who must return the
 * right code to such a caller keeps it apart. So do the two below.
 */
int err_field(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Says what to try; returns -err->code. err may be NULL. */
int err_try(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts context before the text ("profile agent: …"); returns -err->code. */
int err_prefix(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "FIELD: text. Try: remedy" into buf, always NUL-ended; returns buf. */
const char *err_format(const struct err *err, char *buf, unsigned size);

/* Wire name ("invalid_value"); "ok" for ERR_NONE; never NULL. */
const char *err_name(enum err_code code);

/* HTTP status of a code; 200 for ERR_NONE. */
int err_http(enum err_code code);
