/* SPDX-License-Identifier: Apache-2.0 */
/* A rule's text is cut at the colon of its ports, the rest by its shape. */
#include "executor/profile/net_rule.h"

#include "executor/base/str.h"

#include <stdio.h>
#include <string.h>

#define PORT_MAX 65535

/* "443", "8000-8099" or "*". */
static int parse_ports(struct net_rule *r, char *text, struct err *err)
{
	char *dash = strchr(text, '-');
	uint64_t low, high;
	int rc;

	if (str_equal(text, "*")) {
		r->low = 1;
		r->high = PORT_MAX;
		return 0;
	}
	if (dash)
		*dash = '\0';
	rc = str_parse_uint(text, 1, PORT_MAX, &low, err);
	if (rc < 0)
		return rc;
	high = low;
	if (dash)
		rc = str_parse_uint(dash + 1, 1, PORT_MAX, &high, err);
	if (rc < 0)
		return rc;
	if (high < low)
		return err_set(err, ERR_INVALID,
			       "the last port comes before the first");
	r->low = (uint16_t)low;
	r->high = (uint16_t)high;
	return 0;
}

/* "198.51.100.0/24", "[2001:db8::]/32", or an address. */
static int parse_range(struct net_rule *r, const char *host, struct err *err)
{
	char text[NET_RANGE_TEXT + 8];
	const char *close = strchr(host, ']');

	if (host[0] != '[') {
		if (strchr(host, ':')) {
			err_set(err, ERR_INVALID,
				"an IPv6 address stands in brackets");
			return err_try(err, "[2001:db8::]/32 or "
					    "[2001:db8::7]:443");
		}
		r->kind = NET_RULE_RANGE;
		return net_range_parse(&r->range, host, err);
	}
	if (!close || (close[1] && close[1] != '/') ||
	    (size_t)snprintf(text, sizeof(text), "%.*s%s",
			     (int)(close - host - 1), host + 1,
			     close + 1) >= sizeof(text))
		return err_set(err, ERR_INVALID, "\"%.64s\" is no address",
			       host);
	r->kind = NET_RULE_RANGE;
	return net_range_parse(&r->range, text, err);
}

static int parse_host(struct net_rule *r, const char *host, struct err *err)
{
	bool below = str_starts(host, "*.");
	const char *name = below ? host + 2 : host;
	struct net_host h;
	int rc;

	if (str_equal(host, "*")) {
		r->kind = NET_RULE_ANY;
		return 0;
	}
	if (strpbrk(host, "/:["))
		return parse_range(r, host, err);
	if (strchr(name, '*')) {
		err_set(err, ERR_INVALID,
			"\"%.64s\" has a * that is not its whole first label",
			host);
		return err_try(err, "*.example.com");
	}
	rc = net_host_parse(&h, name, strlen(name), err);
	if (rc < 0)
		return err_prefix(err, "\"%.64s\": ", host);
	if (h.literal && below)
		return err_set(err, ERR_INVALID, "nothing is below an address");
	r->kind = h.literal ? NET_RULE_RANGE
		  : below   ? NET_RULE_BELOW
			    : NET_RULE_NAME;
	if (h.literal) {
		r->range.base = h.address;
		r->range.bits = h.address.family == 4 ? 32 : 128;
	} else {
		str_copy(r->name, sizeof(r->name), h.name);
	}
	return 0;
}

/* An URL where a host is meant is the likely mistake. */
static int refuse_url(const char *text, struct err *err)
{
	const char *host = strstr(text, "://") + 3;

	err_set(err, ERR_INVALID, "\"%.64s\" is an URL, not a host", text);
	return err_try(err, "%.*s", (int)strcspn(host, "/?#"), host);
}

/*
 * The colon before the ports; NULL when there are none. Those of an address lie
 * in its brackets; without brackets, two of them are an address in want of
 * some, which parse_host() refuses.
 */
static char *ports_colon(char *text)
{
	char *from = text[0] == '[' ? strchr(text, ']') : text;
	char *colon = from ? strchr(from, ':') : NULL;

	return colon && strchr(colon + 1, ':') ? NULL : colon;
}

int net_rule_parse(struct net_rule *out, const char *text, struct err *err)
{
	char copy[NET_RULE_TEXT + 64];
	struct net_rule r = { 0 };
	char *colon;
	int rc = 0;

	if (strstr(text, "://"))
		return refuse_url(text, err);
	if (!str_copy(copy, sizeof(copy), text))
		return err_set(err, ERR_TOO_LARGE, "the host is too long");
	colon = ports_colon(copy);
	if (colon) {
		*colon = '\0';
		rc = parse_ports(&r, colon + 1, err);
	}
	if (rc >= 0)
		rc = parse_host(&r, copy, err);
	if (rc < 0)
		return rc;
	*out = r;
	return 0;
}

static void format_host(const struct net_rule *r, char *buf, size_t size)
{
	char range[NET_RANGE_TEXT];
	char *slash;

	if (r->kind == NET_RULE_ANY) {
		snprintf(buf, size, "*");
	} else if (r->kind != NET_RULE_RANGE) {
		snprintf(buf, size, "%s%s",
			 r->kind == NET_RULE_BELOW ? "*." : "", r->name);
	} else {
		net_range_format(&r->range, range);
		slash = strchr(range, '/');
		if (r->range.base.family == 4)
			snprintf(buf, size, "%s", range);
		else
			snprintf(buf, size, "[%.*s]%s",
				 (int)strcspn(range, "/"), range,
				 slash ? slash : "");
	}
}

const char *net_rule_format(const struct net_rule *r, char buf[NET_RULE_TEXT])
{
	size_t used;

	format_host(r, buf, NET_RULE_TEXT);
	used = strlen(buf);
	if (r->low == 1 && r->high == PORT_MAX)
		snprintf(buf + used, NET_RULE_TEXT - used, ":*");
	else if (r->low && r->low == r->high)
		snprintf(buf + used, NET_RULE_TEXT - used, ":%u", r->low);
	else if (r->low)
		snprintf(buf + used, NET_RULE_TEXT - used, ":%u-%u", r->low,
			 r->high);
	return buf;
}

/* "a.example.com" is below "example.com"; "evilexample.com" is not. */
static bool is_below(const char *name, const char *domain)
{
	size_t n = strlen(name), d = strlen(domain);

	return n > d + 1 && name[n - d - 1] == '.' &&
	       strcmp(name + n - d, domain) == 0;
}

bool net_rule_host(const struct net_rule *r, const struct net_host *h)
{
	switch (r->kind) {
	case NET_RULE_NAME:
		return !h->literal && strcmp(r->name, h->name) == 0;
	case NET_RULE_BELOW:
		return !h->literal && is_below(h->name, r->name);
	case NET_RULE_RANGE:
		return h->literal && net_range_has(&r->range, &h->address);
	case NET_RULE_ANY:
		return true;
	}
	return false;
}

bool net_rule_port(const struct net_rule *r, uint16_t port)
{
	if (!r->low)
		return port == 80 || port == 443;
	return port >= r->low && port <= r->high;
}
