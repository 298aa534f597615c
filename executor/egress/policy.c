/* SPDX-License-Identifier: Apache-2.0 */
/* A few loops over short lists; the order of the loops is the policy. */
#include "executor/egress/policy.h"

#include "executor/base/mem.h"
#include "executor/egress/reserved.h"

#include <stddef.h>

static const struct {
	const char *name, *text;
} rows[] = {
#define POLICY_ROW(sym, name, text) [sym] = { name, text },
	POLICY_TABLE(POLICY_ROW)
#undef POLICY_ROW
};

const char *policy_name(enum policy_why why)
{
	return rows[why].name;
}

const char *policy_text(enum policy_why why)
{
	return rows[why].text;
}

static bool decide(struct policy_verdict *out, enum policy_why why,
		   const struct net_rule *rule)
{
	out->why = why;
	out->range = NULL;
	out->rule[0] = '\0';
	if (rule)
		net_rule_format(rule, out->rule);
	return why == POLICY_ALLOWED;
}

/* A denied host without ports is denied at every port: `deny = example.com`
 * would otherwise leave 8080 open to a wider rule of `allow`. */
static bool denies(const struct net_rule *r, const struct net_host *h,
		   uint16_t port)
{
	return net_rule_host(r, h) && (!r->low || net_rule_port(r, port));
}

bool policy_host(const struct network *n, const struct net_host *h,
		 uint16_t port, struct policy_verdict *out)
{
	const struct net_rule *near = NULL;

	for (size_t i = 0; i < n->deny_count; i++)
		if (denies(&n->deny[i], h, port))
			return decide(out, POLICY_DENIED, &n->deny[i]);
	for (size_t i = 0; n->open && i < n->allow_count; i++) {
		if (!net_rule_host(&n->allow[i], h))
			continue;
		if (net_rule_port(&n->allow[i], port))
			return decide(out, POLICY_ALLOWED, &n->allow[i]);
		near = &n->allow[i];
	}
	return decide(out, near ? POLICY_PORT : POLICY_HOST, near);
}

bool policy_private(const struct network *n, const struct net_address *a)
{
	for (size_t i = 0; i < n->private_count; i++)
		if (net_range_has(&n->private_ranges[i], a))
			return true;
	return false;
}

bool policy_address(const struct network *n, const struct net_address *a,
		    uint16_t port, struct policy_verdict *out)
{
	const struct net_host h = { .literal = true, .address = *a };
	const char *range;

	for (size_t i = 0; i < n->deny_count; i++)
		if (n->deny[i].kind == NET_RULE_RANGE &&
		    denies(&n->deny[i], &h, port))
			return decide(out, POLICY_DENIED, &n->deny[i]);
	range = reserved_find(a);
	if (!range || policy_private(n, a))
		return decide(out, POLICY_ALLOWED, NULL);
	decide(out, POLICY_ADDRESS, NULL);
	out->range = range;
	return false;
}
