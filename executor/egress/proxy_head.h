/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The head of an HTTP message, cut into lines and fields without any mercy:
 * CRLF only, no folded lines, no blank before a colon, no control characters.
 * Two readers of one message must not be able to differ. What the fields mean
 * is proxy_request and proxy_reply.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROXY_HEAD_MAX (32 * 1024)
#define PROXY_HEAD_FIELDS 128

struct buf;

/* Pieces of the caller's bytes; nothing is copied. */
struct proxy_piece {
	const char *at;
	size_t len;
};

struct proxy_field {
	struct proxy_piece name, value; /* value without blanks around it */
};

struct proxy_head {
	struct proxy_piece line; /* request line or status line */
	struct proxy_field fields[PROXY_HEAD_FIELDS];
	size_t count;
};

/*
 * Length of the head at the start of data[0..len), its empty line included; 0
 * when it is not complete; -ERR_TOO_LARGE when it is longer than PROXY_HEAD_MAX;
 * -ERR_INVALID when what is there cannot become one. `seen` bytes were looked
 * at before.
 */
ssize_t proxy_head_length(const char *data, size_t len, size_t seen,
			  struct err *err);

/* Cuts a complete head of that length. -ERR_INVALID, -ERR_TOO_LARGE. */
int proxy_head_parse(struct proxy_head *out, const char *data, size_t len,
		     struct err *err);

/* Compares without regard to case. */
bool proxy_piece_is(struct proxy_piece p, const char *word);

/* Whether `word` is an element of a list "a, b" in any field called `name`. */
bool proxy_head_lists(const struct proxy_head *h, const char *name,
		      const char *word);

/* How a message's body ends. */
enum proxy_framing {
	PROXY_NO_BODY,
	PROXY_LENGTH,  /* after so many bytes */
	PROXY_CHUNKED, /* by a last chunk */
	PROXY_CLOSE    /* with the connection; replies only */
};

struct proxy_frame {
	enum proxy_framing kind;
	uint64_t length; /* PROXY_LENGTH */
};

/*
 * Reads Content-Length and Transfer-Encoding. Both, one of them twice, another
 * coding than chunked, or a number that is none: -ERR_INVALID. PROXY_CLOSE when
 * neither is there: the caller knows what that means.
 */
int proxy_head_frame(const struct proxy_head *h, struct proxy_frame *out,
		     struct err *err);

/*
 * Appends the fields that go on to the other side: all but those that speak of
 * this connection, those that Connection names, and those that the proxy writes
 * itself (Host, Content-Length, Transfer-Encoding).
 */
void proxy_head_forward(const struct proxy_head *h, struct buf *out);

/* Appends Content-Length or Transfer-Encoding as the frame says. */
void proxy_head_write_frame(const struct proxy_frame *f, struct buf *out);
