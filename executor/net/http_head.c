/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects header lines and says what they mean for us: status, type, and how
 * long the server asks to wait. Makes no calls to libcurl; the one date parser
 * is handed in.
 */
#include "executor/net/http_head.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEAD_MAX (256 * 1024)

static const char *const no_headers[] = { NULL };

static void reply_reset(struct http_reply *r)
{
	*r = (struct http_reply){ .content_type = "",
				  .retry_after_ms = UINT64_MAX,
				  .headers = no_headers };
}

void http_head_init(struct http_head *h)
{
	memset(h, 0, sizeof(*h));
	buf_init(&h->lines, HEAD_MAX);
	reply_reset(&h->reply);
}

void http_head_finish(struct http_head *h)
{
	buf_finish(&h->lines);
	mem_free(h->headers);
	h->headers = NULL;
	reply_reset(&h->reply);
}

const char *http_reply_header(const struct http_reply *r, const char *name)
{
	size_t len = strlen(name);

	for (const char *const *line = r->headers; *line; line++) {
		const char *value = *line + len;

		if (strncasecmp(*line, name, len) != 0 || *value != ':')
			continue;
		value++;
		return value + strspn(value, " \t");
	}
	return NULL;
}

/* A number of `unit_ms` milliseconds, UINT64_MAX when it is none. */
static uint64_t span_ms(const char *text, double unit_ms)
{
	char *end = NULL;
	double value = strtod(text, &end);

	if (end == text || *end || !isfinite(value) || value < 0 || value > 1e9)
		return UINT64_MAX;
	value *= unit_ms;
	return (uint64_t)value + (value > (double)(uint64_t)value);
}

/* retry-after-ms is what some model services add for waits under a second. */
static uint64_t retry_after(const struct http_reply *r, http_date_fn *date)
{
	const char *ms = http_reply_header(r, "retry-after-ms");
	const char *text = http_reply_header(r, "retry-after");
	uint64_t wait = ms ? span_ms(ms, 1) : UINT64_MAX;
	time_t when;

	if (wait != UINT64_MAX || !text)
		return wait;
	wait = span_ms(text, 1000);
	if (wait != UINT64_MAX || !date)
		return wait;
	when = date(text, NULL);
	if (when == (time_t)-1)
		return UINT64_MAX;
	return when > time(NULL) ? (uint64_t)(when - time(NULL)) * 1000 : 0;
}

static void complete(struct http_head *h, http_date_fn *date)
{
	const char *line = h->lines.data;
	const char *type;

	h->headers = mem_zero(h->count + 1, sizeof(*h->headers));
	for (size_t i = 0; i < h->count; i++) {
		h->headers[i] = line;
		line += strlen(line) + 1;
	}
	h->reply.headers = h->headers;
	type = http_reply_header(&h->reply, "content-type");
	h->reply.content_type = type ? type : "";
	h->reply.retry_after_ms = retry_after(&h->reply, date);
	h->complete = true;
}

/* "HTTP/1.1 200 OK" or "HTTP/2 200" */
static void begin(struct http_head *h, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	buf_clear(&h->lines);
	h->count = 0;
	h->reply.status = 0;
	/* three digits; a fourth makes it a status that nobody knows */
	for (const char *p = blank ? blank + 1 : line + len;
	     p < line + len && *p >= '0' && *p <= '9' && h->reply.status < 1000;
	     p++)
		h->reply.status = h->reply.status * 10 + (*p - '0');
}

int http_head_line(struct http_head *h, const char *line, size_t len,
		   http_date_fn *date, struct err *err)
{
	if (h->complete)
		return 0;
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r' ||
			   line[len - 1] == ' '))
		len--;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		begin(h, line, len);
		return 0;
	}
	if (len == 0) {
		if (h->reply.status < 200)
			return 0;
		complete(h, date);
		return 1;
	}
	/* A NUL would end the line for us and not for others: no such header. */
	if (memchr(line, 0, len))
		return 0;
	if (buf_add(&h->lines, line, len) < 0 || buf_putc(&h->lines, 0) < 0)
		return err_set(err, ERR_TOO_LARGE,
			       "the reply's headers exceed 256 KiB");
	h->count++;
	return 0;
}
