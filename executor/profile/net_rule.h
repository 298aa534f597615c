/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One entry of a profile's `allow` or `deny`: a host and ports. Pure: parsing,
 * printing, matching; deciding is egress/policy.
 *
 *	example.com             ports 80 and 443 of that name only
 *	example.com:8443        one port
 *	example.com:8000-8099   a range of ports; ":*" is every port
 *	*.example.com           every name below it, not the name itself
 *	198.51.100.7  [2001:db8::7]:8080  198.51.100.0/24  addresses in the URL
 *	*                       every name and every public address
 */
#include "executor/profile/net_host.h"

enum net_rule_kind {
	NET_RULE_NAME,
	NET_RULE_BELOW, /* *.name */
	NET_RULE_RANGE,
	NET_RULE_ANY
};

struct net_rule {
	enum net_rule_kind kind;
	char name[NET_HOST_MAX + 1]; /* NAME, BELOW */
	struct net_range range;      /* RANGE */
	uint16_t low, high;          /* ports; 0, 0: 80 and 443 */
};

#define NET_RULE_TEXT (NET_HOST_MAX + 24)

/* Reads one entry; -ERR_INVALID with a remedy where one is likely. */
int net_rule_parse(struct net_rule *out, const char *text, struct err *err);

/* Text that net_rule_parse() reads back; returns buf. */
const char *net_rule_format(const struct net_rule *r, char buf[NET_RULE_TEXT]);

/* Whether the rule speaks of this host, whatever the port. A range speaks of
 * addresses in URLs, not of names that resolve into it. */
bool net_rule_host(const struct net_rule *r, const struct net_host *h);

/* Whether the port is among the rule's. */
bool net_rule_port(const struct net_rule *r, uint16_t port);
