/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The decisions: whether a box may ask for a host and port, and whether an
 * address that the name resolved to may be connected to. Pure. Order: deny wins
 * over allow, what nobody allows is refused, and no name makes an address good.
 */
#include "executor/profile/network.h"

/* X(enum, name in logs and in the header, sentence for the box) */
#define POLICY_TABLE(X)                                                        \
	X(POLICY_ALLOWED, "allowed", "")                                       \
	X(POLICY_HOST, "host", "is not on the list of hosts of this box")      \
	X(POLICY_PORT, "port", "is on the list, but not with this port")       \
	X(POLICY_DENIED, "denied", "is on the list of denied hosts")           \
	X(POLICY_ADDRESS, "address", "has no address that is public")          \
	X(POLICY_OWN, "own_address", "is the machine that runs this box")

enum policy_why {
#define POLICY_ENUM(sym, name, text) sym,
	POLICY_TABLE(POLICY_ENUM)
#undef POLICY_ENUM
};

struct policy_verdict {
	enum policy_why why;
	const char *range;        /* POLICY_ADDRESS: of reserved_find() */
	char rule[NET_RULE_TEXT]; /* what decided; "": nothing on a list */
};

/* Whether the host may be resolved and asked for at this port. */
bool policy_host(const struct network *n, const struct net_host *h,
		 uint16_t port, struct policy_verdict *out);

/* Whether an address may be connected to; after policy_host(), for each address
 * that the name gave. Ranges of `deny` count here, too. */
bool policy_address(const struct network *n, const struct net_address *a,
		    uint16_t port, struct policy_verdict *out);

/* Whether the profile allows this address although it is not public. */
bool policy_private(const struct network *n, const struct net_address *a);

/* Name and sentence of the table; never NULL. */
const char *policy_name(enum policy_why why);
const char *policy_text(enum policy_why why);
