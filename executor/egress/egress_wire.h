/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Packets between the broker and the proxy: one fixed struct, descriptors
 * beside it. Both ends are one build. The proxy is told of boxes and says when
 * it serves one; end of file of either end is the end of the proxy.
 */
#include "executor/base/err.h"
#include "executor/base/fd.h"
#include <stdint.h>

#define EGRESS_MAGIC 0x31474543U
#define EGRESS_BOX_ID 48

enum egress_op {
	EGRESS_NONE,
	EGRESS_ADD,   /* to the proxy: listening socket, memfd of the list */
	EGRESS_END,   /* to the proxy: close all of the box */
	EGRESS_LOG,   /* to the proxy: the log to write to from now on */
	EGRESS_ADDED, /* from the proxy: served, or err */
	EGRESS_OP_COUNT
};

struct egress_packet {
	uint32_t magic, op;
	uint32_t box;               /* the broker's number */
	char box_id[EGRESS_BOX_ID]; /* for the log; EGRESS_ADD */
	struct err err;             /* EGRESS_ADDED; code 0: none */
};

/* Sends; descriptors are borrowed. Errors as fd_send(). */
int egress_wire_send(int sock, struct egress_packet *p, const int *fds,
		     unsigned nfds, struct err *err);

/*
 * Receives one packet and at most two descriptors, which the caller owns.
 * Returns its op; 0 at end of file; -ERR_BUSY when none is there; -ERR_INVALID
 * (descriptors closed) when it is not ours.
 */
int egress_wire_recv(int sock, struct egress_packet *p, int fds[2],
		     struct err *err);
