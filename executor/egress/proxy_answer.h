/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the proxy itself tells a box: refusals and failures, in words that a
 * program shows to who reads its output. Pure.
 */
#include "executor/egress/policy.h"

struct buf;

/* Whom the answer is about. */
struct proxy_asked {
	const struct net_host *host;
	uint16_t port;
	bool is_head; /* no body */
};

/*
 * Appends a 403: "blocked by policy: HOST" in the status line (which is all
 * that some clients show of a refused CONNECT) and in the body, the reason's
 * name in X-Coop-Blocked.
 */
void proxy_answer_blocked(struct buf *out, const struct proxy_asked *asked,
			  const struct policy_verdict *v);

/* Appends a failure of that status with one sentence, about `asked` if given. */
void proxy_answer_failed(struct buf *out, unsigned status,
			 const struct proxy_asked *asked, const char *text);
