/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to fields, and fields to the next hop. */
#include "executor/egress/proxy_head.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define LENGTH_DIGITS 18 /* of a Content-Length: fits in 64 bits */

static bool is_token(struct proxy_piece p)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < p.len; i++) {
		char c = p.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c && strchr(others, c)))
			continue;
		return false;
	}
	return p.len > 0;
}

/* Text of a field: no control characters but tab. */
static bool is_text(struct proxy_piece p)
{
	for (size_t i = 0; i < p.len; i++) {
		unsigned char c = (unsigned char)p.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

ssize_t proxy_head_length(const char *data, size_t len, size_t seen,
			  struct err *err)
{
	const char *end;
	size_t from = seen > 3 ? seen - 3 : 0;

	/* what begins like this is no HTTP: do not wait for the rest */
	if (len && !(*data > 0x20 && *data < 0x7f))
		return err_set(err, ERR_INVALID, "this is not HTTP");
	end = len > from ? memmem(data + from, len - from, "\r\n\r\n", 4)
			 : NULL;
	if (end && (size_t)(end - data) + 4 <= PROXY_HEAD_MAX)
		return end - data + 4;
	if (end || len >= PROXY_HEAD_MAX)
		return err_set(err, ERR_TOO_LARGE, "the head is over %d bytes",
			       PROXY_HEAD_MAX);
	return 0;
}

static struct proxy_piece trimmed(struct proxy_piece p)
{
	while (p.len && (*p.at == ' ' || *p.at == '\t')) {
		p.at++;
		p.len--;
	}
	while (p.len && (p.at[p.len - 1] == ' ' || p.at[p.len - 1] == '\t'))
		p.len--;
	return p;
}

static int parse_field(struct proxy_head *h, struct proxy_piece line,
		       struct err *err)
{
	const char *colon = memchr(line.at, ':', line.len);
	struct proxy_field *f = &h->fields[h->count];

	if (*line.at == ' ' || *line.at == '\t')
		return err_set(err, ERR_INVALID, "a folded line");
	if (!colon)
		return err_set(err, ERR_INVALID, "a line without a colon");
	if (h->count == PROXY_HEAD_FIELDS)
		return err_set(err, ERR_TOO_LARGE, "more than %d fields",
			       PROXY_HEAD_FIELDS);
	f->name = (struct proxy_piece){ line.at, (size_t)(colon - line.at) };
	f->value = trimmed((struct proxy_piece){ colon + 1,
						 line.len - f->name.len - 1 });
	if (!is_token(f->name))
		return err_set(err, ERR_INVALID, "a field's name is no name");
	h->count++;
	return 0;
}

int proxy_head_parse(struct proxy_head *out, const char *data, size_t len,
		     struct err *err)
{
	const char *end = data + len - 2; /* the empty line */
	int rc = 0;

	out->count = 0;
	out->line.at = NULL;
	for (const char *at = data; at < end && !rc;) {
		const char *cr = memchr(at, '\r', (size_t)(end - at));
		struct proxy_piece line = { at, (size_t)(cr - at) };

		/* a bare CR or LF would be a line's end to some */
		if (cr[1] != '\n' || !is_text(line))
			return err_set(err, ERR_INVALID, "a control character");
		if (!out->line.at)
			out->line = line;
		else
			rc = parse_field(out, line, err);
		at = cr + 2;
	}
	return rc;
}

bool proxy_piece_is(struct proxy_piece p, const char *word)
{
	return p.len == strlen(word) && strncasecmp(p.at, word, p.len) == 0;
}

static bool lists(struct proxy_piece value, const char *word, size_t len)
{
	while (value.len) {
		const char *comma = memchr(value.at, ',', value.len);
		size_t n = comma ? (size_t)(comma - value.at) : value.len;
		struct proxy_piece one =
			trimmed((struct proxy_piece){ value.at, n });

		if (one.len == len && strncasecmp(one.at, word, len) == 0)
			return true;
		n += comma != NULL;
		value.at += n;
		value.len -= n;
	}
	return false;
}

static bool head_lists(const struct proxy_head *h, const char *name,
		       const char *word, size_t len)
{
	for (size_t i = 0; i < h->count; i++)
		if (proxy_piece_is(h->fields[i].name, name) &&
		    lists(h->fields[i].value, word, len))
			return true;
	return false;
}

bool proxy_head_lists(const struct proxy_head *h, const char *name,
		      const char *word)
{
	return head_lists(h, name, word, strlen(word));
}

static int read_length(struct proxy_piece p, uint64_t *out, struct err *err)
{
	uint64_t n = 0;

	if (!p.len || p.len > LENGTH_DIGITS)
		return err_set(err, ERR_INVALID, "a malformed Content-Length");
	for (size_t i = 0; i < p.len; i++) {
		if (p.at[i] < '0' || p.at[i] > '9')
			return err_set(err, ERR_INVALID,
				       "a malformed Content-Length");
		n = n * 10 + (uint64_t)(p.at[i] - '0');
	}
	*out = n;
	return 0;
}

int proxy_head_frame(const struct proxy_head *h, struct proxy_frame *out,
		     struct err *err)
{
	struct proxy_frame f = { .kind = PROXY_CLOSE };
	int rc = 0;

	for (size_t i = 0; i < h->count && !rc; i++) {
		const struct proxy_field *field = &h->fields[i];
		bool length = proxy_piece_is(field->name, "Content-Length");

		if (!length &&
		    !proxy_piece_is(field->name, "Transfer-Encoding"))
			continue;
		if (f.kind != PROXY_CLOSE)
			return err_set(err, ERR_INVALID,
				       "the body's length is told twice");
		if (length) {
			f.kind = PROXY_LENGTH;
			rc = read_length(field->value, &f.length, err);
		} else if (proxy_piece_is(field->value, "chunked")) {
			f.kind = PROXY_CHUNKED;
		} else {
			rc = err_set(err, ERR_INVALID,
				     "a transfer coding other than chunked");
		}
	}
	if (!rc)
		*out = f;
	return rc;
}

/* Of one connection only, or written anew by the proxy. */
static const char *const own_fields[] = {
	"Connection",
	"Keep-Alive",
	"Proxy-Connection",
	"Proxy-Authorization",
	"TE",
	"Upgrade",
	"Host",
	"Content-Length",
	"Trailer",
	"Proxy-Authenticate",
	"HTTP2-Settings",
	"Transfer-Encoding",
};

static bool goes_on(const struct proxy_head *h, const struct proxy_field *f)
{
	for (size_t i = 0; i < ARRAY_LEN(own_fields); i++)
		if (proxy_piece_is(f->name, own_fields[i]))
			return false;
	return !head_lists(h, "Connection", f->name.at, f->name.len);
}

void proxy_head_forward(const struct proxy_head *h, struct buf *out)
{
	for (size_t i = 0; i < h->count; i++) {
		const struct proxy_field *f = &h->fields[i];

		if (!goes_on(h, f))
			continue;
		buf_add(out, f->name.at, f->name.len);
		buf_puts(out, ": ");
		buf_add(out, f->value.at, f->value.len);
		buf_puts(out, "\r\n");
	}
}

void proxy_head_write_frame(const struct proxy_frame *f, struct buf *out)
{
	if (f->kind == PROXY_LENGTH)
		buf_printf(out, "Content-Length: %" PRIu64 "\r\n", f->length);
	else if (f->kind == PROXY_CHUNKED)
		buf_puts(out, "Transfer-Encoding: chunked\r\n");
}
