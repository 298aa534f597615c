/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Connecting to one of several addresses, one after the other, without waiting.
 * Connects to what was checked: no name is resolved here.
 */
#include "executor/profile/net_address.h"

struct loop;
struct dial;

#define DIAL_ADDRESSES 4 /* of a name's addresses; more are not tried */

/* fd: connected, non-blocking, the callee's; or -1 with the last errno. The
 * dial is over. */
typedef void dial_fn(void *arg, int fd, int errno_value);

struct dial_options {
	const struct net_address *addresses; /* copied */
	unsigned count;
	uint16_t port;
	dial_fn *fn;
	void *arg;
};

/* Begins; fn is called from the loop, never from here. */
struct dial *dial_start(struct loop *l, const struct dial_options *o);

/* Gives up: fn is not called. NULL is fine. */
void dial_cancel(struct dial *d);

/*
 * Whether the address belongs to this machine: then a connection to it would
 * reach what listens here behind all fences. Found by binding a socket to it.
 */
bool dial_is_own(const struct net_address *a);
