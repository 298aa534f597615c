/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The broker's end of the proxy: one process for all boxes that may reach
 * hosts, started when the first of them is made. Its death takes their network
 * and nothing else; the next box gets a new one.
 */
#include "executor/broker/server.h"

/* The proxy serves the box, or cannot (err). */
typedef void egress_link_fn(struct box *x, const struct err *err);

/* Starts the proxy if there is none. -ERR_UNAVAILABLE, -ERR_SYSTEM. */
int egress_link_start(struct server *s, struct err *err);

/*
 * Gives the proxy the box's listening socket (borrowed) and its profile's list.
 * 0: `fn` is called later, unless the box ends before. Starts it if need be.
 */
int egress_link_add(struct box *x, int listener, egress_link_fn *fn,
		    struct err *err);

/* The box is over: its connections and its socket are closed. */
void egress_link_end(struct box *x);

/* Ends the proxy. */
void egress_link_stop(struct server *s);
