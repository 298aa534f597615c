/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The head of an HTTP reply, out of the lines that libcurl hands over. Interim
 * replies (1xx) are dropped, trailers ignored.
 */
#include "executor/base/buf.h"
#include "executor/net/http.h"
#include <time.h>

struct http_head {
	struct buf lines;        /* NUL-ended lines */
	size_t count;            /* lines in it, without the status line */
	const char **headers;    /* into `lines`, NULL-ended; once complete */
	struct http_reply reply; /* valid from the start; status 0 until then */
	bool complete;
};

/* Reads an HTTP date; (time_t)-1 when it is none. libcurl's has this form. */
typedef time_t http_date_fn(const char *text, const time_t *unused);

/* Empty, with a reply of status 0; ends with http_head_finish(). */
void http_head_init(struct http_head *h);
/* Frees; the reply is as at first. */
void http_head_finish(struct http_head *h);

/*
 * Takes one line with its end. Returns 1 when the head is complete with it,
 * 0 when more is to come, -ERR_TOO_LARGE over 256 KiB.
 */
int http_head_line(struct http_head *h, const char *line, size_t len,
		   http_date_fn *date, struct err *err);
