/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Internet addresses and ranges of them as plain values. An IPv4 address that
 * comes dressed as IPv6 (::ffff:a.b.c.d) is the IPv4 address, so that nothing
 * has to be checked twice. Says nothing about which are good: egress/reserved.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_ADDRESS_TEXT 48 /* longest text of an address, NUL included */
#define NET_RANGE_TEXT 56

struct net_address {
	uint8_t family;    /* 4 or 6 */
	uint8_t bytes[16]; /* network order; the first 4 for IPv4 */
};

/* The addresses whose first `bits` bits are those of `base`. */
struct net_range {
	struct net_address base;
	uint8_t bits;
};

/* Reads "198.51.100.7" (four plain decimals) or "2001:db8::7" (no brackets, no
 * zone). False when it is neither. */
bool net_address_parse(struct net_address *out, const char *text);

/* From 4 or 16 bytes in network order. */
void net_address_set(struct net_address *out, const void *bytes, size_t len);

/* Text that net_address_parse() reads back; returns buf. */
const char *net_address_format(const struct net_address *a,
			       char buf[NET_ADDRESS_TEXT]);

/*
 * Reads "10.1.2.0/24", "fd00::/8" or one address. -ERR_INVALID when it is none,
 * or when bits behind the prefix are set: the writer meant something else.
 */
int net_range_parse(struct net_range *out, const char *text, struct err *err);

/* Whether the address lies in the range; never across families. */
bool net_range_has(const struct net_range *r, const struct net_address *a);

/* Text that net_range_parse() reads back; returns buf. */
const char *net_range_format(const struct net_range *r,
			     char buf[NET_RANGE_TEXT]);
