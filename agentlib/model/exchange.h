/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One HTTP exchange seen from a fiber: start it, wait for its head, read its
 * body piece by piece. Closing it, at any point, ends the connection's use at
 * once; so a cancelled wait needs only exchange_close().
 */
#include "agentlib/fiber/fiber.h"
#include "executor/base/buf.h"
#include "executor/base/err.h"
#include "executor/net/http.h"
#include <stdbool.h>
#include <stdint.h>

struct exchange {
	struct http_call *call;
	struct wait wait;
	struct buf in; /* what came and was not read yet */
	bool ended, failed;
	struct err err;          /* of the connection, when `failed` */
	bool permanent;          /* it will not go away */
	int status;              /* 0 until the head is there */
	uint64_t retry_after_ms; /* UINT64_MAX: not said */
	char type[128];          /* content type */
	char advice[8];          /* x-should-retry */
	char location[256];
};

/* Starts; 0, or http_start()'s errors. To be closed in every case. */
int exchange_open(struct exchange *x, struct http *h,
		  const struct http_request *req, struct err *err);

/*
 * Waits for more. Returns 1 with new bytes in *piece (an empty buffer of the
 * caller's, which takes over the memory), 0 at the end of a complete reply;
 * otherwise negative: the connection's error if x->failed, else the wait's
 * (cancelled, deadline).
 */
int exchange_read(struct exchange *x, struct buf *piece, struct err *err);

/* Waits until the status is known: 0, or as above. */
int exchange_head(struct exchange *x, struct err *err);

/* Waits at most `ms` for the end of a body whose rest is of no interest, so
 * that the connection can be used again. */
void exchange_drain(struct exchange *x, uint64_t ms);

/* Ends it if it still runs; frees. */
void exchange_close(struct exchange *x);
