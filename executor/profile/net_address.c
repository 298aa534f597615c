/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing is the C library's inet_pton(), which takes none of the old forms
 * (octal, hexadecimal, fewer than four numbers). */
#include "executor/profile/net_address.h"

#include "executor/base/str.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

void net_address_set(struct net_address *out, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	memset(out, 0, sizeof(*out));
	if (len == 16 && memcmp(b, mapped, sizeof(mapped)) == 0) {
		b += sizeof(mapped);
		len = 4;
	}
	out->family = len == 4 ? 4 : 6;
	memcpy(out->bytes, b, len == 4 ? 4 : 16);
}

bool net_address_parse(struct net_address *out, const char *text)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1)
		net_address_set(out, bytes, 4);
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		net_address_set(out, bytes, 16);
	else
		return false;
	return true;
}

const char *net_address_format(const struct net_address *a,
			       char buf[NET_ADDRESS_TEXT])
{
	if (!inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->bytes, buf,
		       NET_ADDRESS_TEXT))
		buf[0] = '\0';
	return buf;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return !rest || (uint8_t)(a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool net_range_has(const struct net_range *r, const struct net_address *a)
{
	return r->base.family == a->family &&
	       same_bits(r->base.bytes, a->bytes, r->bits);
}

/* What is left of the base when everything behind the prefix is cleared. */
static struct net_range cleared(const struct net_range *r)
{
	struct net_range c = *r;

	for (unsigned i = 0; i < sizeof(c.base.bytes); i++) {
		unsigned first = i * 8;

		if (first >= c.bits)
			c.base.bytes[i] = 0;
		else if (c.bits - first < 8)
			c.base.bytes[i] &= (uint8_t)(0xff
						     << (8 - (c.bits - first)));
	}
	return c;
}

int net_range_parse(struct net_range *out, const char *text, struct err *err)
{
	char copy[NET_RANGE_TEXT + 8];
	struct net_range r = { 0 }, clear;
	uint64_t bits = 0;
	char *slash;

	if (!str_copy(copy, sizeof(copy), text))
		return err_set(err, ERR_INVALID, "\"%.64s\" is no range", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	if (!net_address_parse(&r.base, copy)) {
		err_set(err, ERR_INVALID, "\"%.64s\" is no address", copy);
		return err_try(err, "10.1.2.0/24 or fd00::/8");
	}
	/* one written as ::ffff:… has become IPv4, and so would its length */
	if (slash && r.base.family == 4 && strchr(copy, ':'))
		return err_set(err, ERR_INVALID,
			       "write \"%.64s\" as an IPv4 range", text);
	r.bits = r.base.family == 4 ? 32 : 128;
	if (slash && !str_equal(slash, "0")) {
		int rc = str_parse_uint(slash, 1, r.bits, &bits, err);

		if (rc < 0)
			return rc;
	}
	if (slash)
		r.bits = (uint8_t)bits;
	clear = cleared(&r);
	if (memcmp(clear.base.bytes, r.base.bytes, sizeof(r.base.bytes))) {
		char want[NET_RANGE_TEXT];

		err_set(err, ERR_INVALID,
			"\"%.64s\" has bits behind its prefix", text);
		return err_try(err, "%s", net_range_format(&clear, want));
	}
	*out = r;
	return 0;
}

const char *net_range_format(const struct net_range *r,
			     char buf[NET_RANGE_TEXT])
{
	char address[NET_ADDRESS_TEXT];

	net_address_format(&r->base, address);
	if (r->bits == (r->base.family == 4 ? 32 : 128))
		snprintf(buf, NET_RANGE_TEXT, "%s", address);
	else
		snprintf(buf, NET_RANGE_TEXT, "%s/%u", address, r->bits);
	return buf;
}
