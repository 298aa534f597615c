/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The host part of an URL, brought to one form: rules and requests are compared
 * in this form only. What C libraries also take for addresses ("2130706433",
 * "0x7f.1", "127.1") is refused here, never resolved. Pure.
 */
#include "executor/profile/net_address.h"

#define NET_HOST_MAX 253

struct net_host {
	char name[NET_HOST_MAX + 1]; /* lower case, no final dot; an address as
					its shortest text, no brackets */
	bool literal;                /* an address: */
	struct net_address address;
};

/*
 * Reads text[0..len): a DNS name, an IPv4 address, or an IPv6 address in
 * brackets. -ERR_INVALID; the message does not repeat bytes that are no text.
 */
int net_host_parse(struct net_host *out, const char *text, size_t len,
		   struct err *err);

/* "host" or "[address]", as in an URL; returns buf. */
#define NET_HOST_TEXT (NET_HOST_MAX + 3)
const char *net_host_format(const struct net_host *h, char buf[NET_HOST_TEXT]);
