/* SPDX-License-Identifier: Apache-2.0 */
/* Status lines and short texts; every answer ends the connection. */
#include "executor/egress/proxy_answer.h"

#include "executor/base/buf.h"

#include <stdio.h>
#include <string.h>

static const char *reason_of(unsigned status)
{
	switch (status) {
	case 408:
		return "Request Timeout";
	case 431:
		return "Request Header Fields Too Large";
	case 502:
		return "Bad Gateway";
	case 504:
		return "Gateway Timeout";
	default:
		return "Bad Request";
	}
}

static void add_rest(struct buf *out, const char *body, bool is_head)
{
	buf_printf(out,
		   "Content-Type: text/plain; charset=utf-8\r\n"
		   "Content-Length: %zu\r\n"
		   "Connection: close\r\n\r\n%s",
		   strlen(body), is_head ? "" : body);
}

void proxy_answer_blocked(struct buf *out, const struct proxy_asked *asked,
			  const struct policy_verdict *v)
{
	char host[NET_HOST_TEXT], body[NET_HOST_TEXT * 2 + 256];

	net_host_format(asked->host, host);
	snprintf(body, sizeof(body),
		 "blocked by policy: %s\n"
		 "%s:%u %s. Asking again will not help.\n",
		 host, host, asked->port, policy_text(v->why));
	buf_printf(out,
		   "HTTP/1.1 403 Forbidden, blocked by policy: %s\r\n"
		   "X-Coop-Blocked: %s\r\n",
		   host, policy_name(v->why));
	add_rest(out, body, asked->is_head);
}

void proxy_answer_failed(struct buf *out, unsigned status,
			 const struct proxy_asked *asked, const char *text)
{
	char host[NET_HOST_TEXT], body[NET_HOST_TEXT + 512];

	if (asked)
		snprintf(body, sizeof(body), "coop proxy: %s:%u: %s\n",
			 net_host_format(asked->host, host), asked->port, text);
	else
		snprintf(body, sizeof(body), "coop proxy: %s\n", text);
	buf_printf(out, "HTTP/1.1 %u %s\r\n", status, reason_of(status));
	add_rest(out, body, asked && asked->is_head);
}
