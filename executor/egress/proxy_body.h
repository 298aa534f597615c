/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Where a body ends: counts bytes, or follows chunks as strictly as proxy_head
 * reads fields. Bytes pass unchanged; only their end is found. Pure.
 */
#include "executor/egress/proxy_head.h"

struct proxy_body {
	enum proxy_framing kind;
	uint64_t left; /* of the length or the chunk */
	int state;     /* within a chunk's frame */
	unsigned line; /* bytes of the line at hand */
	bool done;
};

/* A body of that frame; done at once when it has none. */
void proxy_body_begin(struct proxy_body *b, const struct proxy_frame *f);

/*
 * How many of data[0..len) belong to the body; b->done when they end it.
 * -ERR_INVALID when the chunks are malformed.
 */
ssize_t proxy_body_take(struct proxy_body *b, const char *data, size_t len,
			struct err *err);
