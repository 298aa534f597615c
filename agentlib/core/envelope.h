/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One message on its way to one agent, and then its turn there. Counted: the
 * delivery holds it until it is answered, the sender while it waits, and what is
 * sent from inside the turn, so that the chain of calls can be followed.
 */
#include "agentlib/core/runtime.h"
#include "agentlib/fiber/fiber.h"
#include <stdint.h>

struct agent_cell;
struct call;
struct scope;

/* What the deliveries of one publication share. */
struct post {
	unsigned refs;
	struct topic_id topic;
	char *id;
	char text[];
};

struct envelope {
	struct turn turn; /* first: what handlers see */
	unsigned refs, depth;
	struct agent_cell *to;
	struct payload *payload; /* a reference */
	struct post *post;       /* publications; a reference */
	struct call *call;       /* requests, until answered */
	struct scope *scope;     /* requests; a reference */
	struct envelope *parent; /* the turn it was sent from; a reference */
	char *id;

	struct envelope *next;  /* ready, or waiting at its agent */
	struct envelope *below; /* the turn of its agent that it is inside of */
	struct envelope *link;  /* the call of that turn that waits for it */
	struct envelope *asks;  /* requests that this turn waits for */
	struct envelope *next_ask;
	struct envelope *next_seen, *seen_by; /* of a search in mailbox.c */
	uint64_t search;                      /* the last that saw it */
	struct envelope *prev_outside, *next_outside;

	unsigned inside;     /* turns whose link this is */
	struct wait settled; /* no more of them */
	bool awaited;        /* the sender waits for the answer */
	bool control;        /* does not wait for others */
	bool loose;          /* not among the active turns of its agent */
	bool waiting;        /* at its agent, not in it */
	bool outside;        /* in the runtime's list */
};

/* With one reference; takes one of `p`. */
struct envelope *envelope_create(struct runtime *rt, struct agent_cell *to,
				 struct payload *p);
struct envelope *envelope_ref(struct envelope *e);
void envelope_unref(struct envelope *e); /* NULL is fine */

/* The turn's envelope; NULL for NULL. */
struct envelope *envelope_of(const struct turn *t);

/* A copy of the topic, and of the id unless that is NULL. */
struct post *post_create(const struct topic_id *topic, const char *id);
struct post *post_ref(struct post *p);
void post_unref(struct post *p); /* NULL is fine */
