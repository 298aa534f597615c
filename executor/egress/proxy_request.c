/* SPDX-License-Identifier: Apache-2.0 */
/* Request line, authority, Host: three statements that must agree. */
#include "executor/egress/proxy_request.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"

#include <string.h>
#include <strings.h>

#define METHOD_MAX 32
#define HTTP_PORT 80

/* Up to the next blank; the piece loses it and the blank. */
static struct proxy_piece next_word(struct proxy_piece *rest)
{
	const char *blank = memchr(rest->at, ' ', rest->len);
	struct proxy_piece word = *rest;

	if (!blank) {
		rest->at += rest->len;
		rest->len = 0;
		return word;
	}
	word.len = (size_t)(blank - word.at);
	rest->at = blank + 1;
	rest->len -= word.len + 1;
	return word;
}

static bool is_method(struct proxy_piece p)
{
	if (!p.len || p.len > METHOD_MAX)
		return false;
	for (size_t i = 0; i < p.len; i++)
		if ((p.at[i] < 'A' || p.at[i] > 'Z') && p.at[i] != '-' &&
		    p.at[i] != '_')
			return false;
	return true;
}

/* Visible ASCII only: a tab, and in Latin-1 the bytes 0x85 and 0xa0, end a word
 * to some readers of a request line. */
static bool is_target(struct proxy_piece p)
{
	for (size_t i = 0; i < p.len; i++)
		if (p.at[i] <= ' ' || p.at[i] >= 0x7f)
			return false;
	return p.len > 0;
}

static int parse_port(struct proxy_piece p, uint16_t *out, struct err *err)
{
	uint32_t n = 0;

	for (size_t i = 0; i < p.len && n <= UINT16_MAX; i++) {
		if (p.at[i] < '0' || p.at[i] > '9')
			return err_set(err, ERR_INVALID, "a malformed port");
		n = n * 10 + (uint32_t)(p.at[i] - '0');
	}
	if (!n || n > UINT16_MAX || p.at[0] == '0')
		return err_set(err, ERR_INVALID, "a malformed port");
	*out = (uint16_t)n;
	return 0;
}

/* "host", "host:port"; *port keeps its value when there is none. */
static int parse_authority(struct proxy_piece p, struct net_host *host,
			   uint16_t *port, struct err *err)
{
	size_t len = p.len;

	if (memchr(p.at, '@', p.len))
		return err_set(err, ERR_INVALID,
			       "a user name stands before the host");
	while (len && p.at[len - 1] >= '0' && p.at[len - 1] <= '9')
		len--;
	if (len && p.at[len - 1] == ':') {
		struct proxy_piece digits = { p.at + len, p.len - len };
		int rc = parse_port(digits, port, err);

		if (rc)
			return rc;
		p.len = len - 1;
	}
	return net_host_parse(host, p.at, p.len, err);
}

/* "http://host:port/path". */
static int parse_url(struct proxy_request *r, struct proxy_piece url,
		     struct err *err)
{
	static const char scheme[] = "http://";
	const size_t skip = sizeof(scheme) - 1;
	struct proxy_piece authority;

	if (url.len && *url.at == '/')
		return err_set(err, ERR_INVALID,
			       "this is a proxy: it takes whole URLs");
	if (url.len <= skip || strncasecmp(url.at, scheme, skip) != 0)
		return err_set(err, ERR_INVALID,
			       "only http:// URLs, and CONNECT for the rest");
	url.at += skip;
	url.len -= skip;
	if (memchr(url.at, '#', url.len))
		return err_set(err, ERR_INVALID, "a fragment in the URL");
	authority = url;
	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] == '/' || url.at[i] == '?') {
			authority.len = i;
			break;
		}
	r->path.at = url.at + authority.len;
	r->path.len = url.len - authority.len;
	r->port = HTTP_PORT;
	return parse_authority(authority, &r->host, &r->port, err);
}

static int parse_connect(struct proxy_request *r, struct proxy_piece target,
			 struct err *err)
{
	int rc;

	r->connect = true;
	r->port = 0;
	r->path = (struct proxy_piece){ "", 0 };
	rc = parse_authority(target, &r->host, &r->port, err);
	if (!rc && !r->port)
		rc = err_set(err, ERR_INVALID, "CONNECT without a port");
	return rc;
}

/* What the request line has told, told by Host again. */
static int check_host(const struct proxy_request *r, const struct proxy_head *h,
		      struct err *err)
{
	const struct proxy_field *field = NULL;
	uint16_t port = r->port;
	struct net_host host;
	int rc;

	if (!r->connect)
		port = HTTP_PORT;
	for (size_t i = 0; i < h->count; i++) {
		if (!proxy_piece_is(h->fields[i].name, "Host"))
			continue;
		if (field)
			return err_set(err, ERR_INVALID, "two Host fields");
		field = &h->fields[i];
	}
	if (!field) {
		if (r->connect || r->old)
			return 0;
		return err_set(err, ERR_INVALID, "no Host field");
	}
	rc = parse_authority(field->value, &host, &port, err);
	if (rc)
		return rc;
	if (strcmp(host.name, r->host.name) != 0 || port != r->port)
		return err_set(err, ERR_INVALID,
			       "Host is another one than the URL's");
	return 0;
}

static int check_frame(struct proxy_request *r, const struct proxy_head *h,
		       struct err *err)
{
	int rc = proxy_head_frame(h, &r->frame, err);

	if (rc)
		return rc;
	/* without either field a request has no body */
	if (r->frame.kind == PROXY_CLOSE)
		r->frame.kind = PROXY_NO_BODY;
	if (r->frame.kind == PROXY_CHUNKED && r->old)
		return err_set(err, ERR_INVALID, "chunks in HTTP/1.0");
	if (r->connect && (r->frame.kind == PROXY_CHUNKED || r->frame.length))
		return err_set(err, ERR_INVALID, "CONNECT with a body");
	return 0;
}

int proxy_request_parse(struct proxy_request *out, const struct proxy_head *h,
			struct err *err)
{
	struct proxy_request r = { 0 };
	struct proxy_piece rest = h->line, target;
	int rc;

	r.method = next_word(&rest);
	target = next_word(&rest);
	if (!is_method(r.method) || !is_target(target))
		return err_set(err, ERR_INVALID, "a malformed request line");
	r.old = rest.len == 8 && memcmp(rest.at, "HTTP/1.0", 8) == 0;
	if (!r.old && (rest.len != 8 || memcmp(rest.at, "HTTP/1.1", 8) != 0))
		return err_set(err, ERR_INVALID, "only HTTP/1.1 and HTTP/1.0");
	/* methods are told apart by case; "connect" is no CONNECT to anyone */
	if (proxy_piece_is(r.method, "CONNECT"))
		rc = parse_connect(&r, target, err);
	else
		rc = parse_url(&r, target, err);
	if (!rc)
		rc = check_host(&r, h, err);
	if (!rc)
		rc = check_frame(&r, h, err);
	if (rc)
		return rc;
	r.is_head = proxy_piece_is(r.method, "HEAD");
	r.keep_alive = !r.old && !proxy_head_lists(h, "Connection", "close") &&
		       !proxy_head_lists(h, "Proxy-Connection", "close");
	*out = r;
	return 0;
}

void proxy_request_write(const struct proxy_request *r,
			 const struct proxy_head *h, struct buf *out)
{
	char host[NET_HOST_TEXT];

	buf_add(out, r->method.at, r->method.len);
	buf_putc(out, ' ');
	if (!r->path.len || *r->path.at != '/')
		buf_putc(out, '/');
	buf_add(out, r->path.at, r->path.len);
	buf_printf(out, " HTTP/1.%c\r\nHost: %s", r->old ? '0' : '1',
		   net_host_format(&r->host, host));
	if (r->port != HTTP_PORT)
		buf_printf(out, ":%u", r->port);
	buf_puts(out, "\r\n");
	proxy_head_forward(h, out);
	proxy_head_write_frame(&r->frame, out);
	buf_puts(out, "Connection: close\r\n\r\n");
}
