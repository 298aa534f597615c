/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The broker's boxes: from the front's request over the nest's answers to the
 * last lock given back. What happens while a program runs is server_exec.c.
 */
#include "executor/broker/server.h"

/* The box of that number; NULL if there is none. */
struct box *server_box_find(const struct server *s, uint32_t number);

/* Begins to make a box in nest `n` (which may be NULL with `why` set): the
 * front hears WIRE_MADE, now with an error or later. */
void server_box_make(struct server *s, struct nest_link *n,
		     const struct wire_packet *p, const struct err *why);

/* The nest made it, or could not; takes the packet's descriptor. */
void server_box_made(struct box *x, struct wire_packet *p);

/* The front ends it, or the broker does: kills everything, then frees. */
void server_box_end(struct box *x);

/* Init is reaped: nothing of the box runs any more. */
void server_box_gone(struct box *x);

/* Its nest is dead; the front hears WIRE_LOST. */
void server_box_lost(struct box *x, const struct err *why);

/* Ends all at once, waiting at most `wait_ms`; for the broker's own end, after
 * the nests. True when nothing is left. */
bool server_box_end_all(struct server *s, unsigned wait_ms);
