/* SPDX-License-Identifier: Apache-2.0 */
/* Status line and frame of a reply. */
#include "executor/egress/proxy_reply.h"

#include "executor/base/buf.h"

#include <string.h>

/* "HTTP/1.1 200 OK"; the reason may be absent, and its blank with it. */
static bool parse_line(struct proxy_reply *r, struct proxy_piece line)
{
	static const char start[] = "HTTP/1.";

	if (line.len < 12 || memcmp(line.at, start, sizeof(start) - 1) != 0 ||
	    (line.at[7] != '0' && line.at[7] != '1') || line.at[8] != ' ')
		return false;
	for (int i = 9; i < 12; i++) {
		if (line.at[i] < '0' || line.at[i] > '9')
			return false;
		r->status = r->status * 10 + (unsigned)(line.at[i] - '0');
	}
	if (line.len > 12 && line.at[12] != ' ')
		return false;
	if (line.len > 13)
		r->reason = (struct proxy_piece){ line.at + 13, line.len - 13 };
	return r->status >= 100 && r->status <= 599;
}

int proxy_reply_parse(struct proxy_reply *out, const struct proxy_head *h,
		      bool to_head, struct err *err)
{
	struct proxy_reply r = { .reason = { "", 0 } };
	int rc;

	if (!parse_line(&r, h->line))
		return err_set(err, ERR_INVALID, "a malformed status line");
	if (r.status == 101)
		return err_set(err, ERR_INVALID,
			       "a change of protocol that nobody asked for");
	r.interim = r.status < 200;
	rc = proxy_head_frame(h, &r.told, err);
	if (rc)
		return rc;
	r.frame = r.told;
	if (to_head || r.interim || r.status == 204 || r.status == 304)
		r.frame = (struct proxy_frame){ .kind = PROXY_NO_BODY };
	*out = r;
	return 0;
}

void proxy_reply_write(const struct proxy_reply *r, const struct proxy_head *h,
		       bool keep, struct buf *out)
{
	buf_printf(out, "HTTP/1.1 %u ", r->status);
	buf_add(out, r->reason.at, r->reason.len);
	buf_puts(out, "\r\n");
	proxy_head_forward(h, out);
	if (!r->interim && r->status != 204)
		proxy_head_write_frame(&r->told, out);
	if (!r->interim && !keep)
		buf_puts(out, "Connection: close\r\n");
	buf_puts(out, "\r\n");
}
