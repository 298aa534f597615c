/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One HTTP request and its reply on their way between two sides: exactly the
 * request's body goes to the server, not a byte of what the client sends behind
 * it. The request's head was checked and written before.
 */
#include "executor/egress/proxy_body.h"
#include "executor/egress/proxy_side.h"

struct proxy_exchange {
	struct proxy_body up, down;
	bool to_head;   /* the request was HEAD */
	bool keep;      /* the client's connection can go on afterwards */
	bool started;   /* the client has got a part of the reply */
	bool head_done; /* the last head of the reply was read */
	unsigned interim;
	size_t seen; /* bytes of the head looked at */
};

enum proxy_step {
	PROXY_IDLE,        /* waits for a socket */
	PROXY_MOVED,       /* call again */
	PROXY_DONE,        /* the reply is in client->out, whole */
	PROXY_BAD_REQUEST, /* malformed chunks of the client */
	PROXY_BAD_REPLY,   /* nothing that can be given on; see `started` */
	PROXY_CUT          /* a side has ended too early */
};

/* A new exchange; `frame` is the request's. */
void proxy_exchange_begin(struct proxy_exchange *x,
			  const struct proxy_frame *frame, bool to_head,
			  bool keep);

/* Moves what can be moved. */
enum proxy_step proxy_exchange_step(struct proxy_exchange *x,
				    struct proxy_side *client,
				    struct proxy_side *server);
