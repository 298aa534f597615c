/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a profile says about the network: its section [network] in memory. Read
 * key by key from the profile, printed for people, handed to the proxy as the
 * same text. An empty `allow` allows nothing; a closed network has no proxy.
 */
#include "executor/base/err.h"
#include "executor/profile/net_rule.h"

#define NETWORK_RULES_MAX 256
#define NETWORK_RANGES_MAX 32
#define NETWORK_PROXY_PORT 3128 /* on the box's own 127.0.0.1 */
#define NETWORK_PROXY_URL "http://127.0.0.1:3128"

struct buf;

struct network {
	bool open;              /* mode = allow; else loopback only */
	struct net_rule *allow; /* owned, as the two below */
	size_t allow_count;
	struct net_rule *deny; /* wins over allow */
	size_t deny_count;
	/* addresses that are not public, yet may be connected to */
	struct net_range *private_ranges;
	size_t private_count;
};

/*
 * Applies one `key = value`: mode (none, allow), allow, deny, allow_private,
 * whose values are words and add to what is there. -ERR_UNKNOWN for another
 * key, -ERR_INVALID, -ERR_TOO_LARGE beyond the maxima.
 */
int network_key(struct network *n, const char *key, const char *value,
		struct err *err);

/* Appends lines "key = value" that network_key() reads back. */
void network_format(const struct network *n, struct buf *out);

/* Reads what network_format() has written into an empty `n`. */
int network_parse(struct network *n, const char *text, size_t len,
		  struct err *err);

/* Frees the lists; NULL is fine. */
void network_finish(struct network *n);
