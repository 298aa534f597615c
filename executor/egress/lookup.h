/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Asking the resolver without waiting for it; answers come from the loop. */
#include "executor/egress/resolver.h"

struct loop;
struct lookups;
struct lookup;

/* Count 0: the name was not found, or not in time. The look-up is over. */
typedef void lookup_fn(void *arg, const struct net_address *addresses,
		       unsigned count);

/* The proxy's end of the resolver's socket, which is taken. `dead` is called
 * when the resolver is gone: nothing can be looked up any more. */
struct lookups *lookups_create(struct loop *l, int sock,
			       void (*dead)(void *arg), void *arg,
			       struct err *err);
void lookups_destroy(struct lookups *s); /* NULL is fine */

#define LOOKUP_OWNER_MAX 8 /* under way for one owner; its others wait */

/* What is asked, by whom, and who hears. */
struct lookup_options {
	const char *name; /* copied */
	uint32_t owner;   /* the box's number: no box can take all of the
			     resolver by names that are slow to answer */
	lookup_fn *fn;
	void *arg;
};

/* Asks, now or when the owner's turn comes; fn is called from the loop. */
struct lookup *lookup_start(struct lookups *s, const struct lookup_options *o);

/* Forgets: fn is not called. NULL is fine. */
void lookup_cancel(struct lookup *l);
