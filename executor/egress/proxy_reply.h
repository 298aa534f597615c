/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A server's reply on its way to the box: where its body ends, and its head as
 * the box gets it. Pure.
 */
#include "executor/egress/proxy_head.h"

struct buf;

struct proxy_reply {
	unsigned status;
	struct proxy_piece reason;
	bool interim;             /* 1xx: another head follows */
	struct proxy_frame told;  /* what its fields say */
	struct proxy_frame frame; /* how its body really ends */
};

/*
 * Reads a head. `to_head`: the request was HEAD. -ERR_INVALID also for 101: the
 * protocol was not asked to change.
 */
int proxy_reply_parse(struct proxy_reply *out, const struct proxy_head *h,
		      bool to_head, struct err *err);

/* Appends the head for the client; `keep`: the connection stays open. */
void proxy_reply_write(const struct proxy_reply *r, const struct proxy_head *h,
		       bool keep, struct buf *out);
