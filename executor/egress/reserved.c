/* SPDX-License-Identifier: Apache-2.0 */
/* The first row that has the address names it. */
#include "executor/egress/reserved.h"

#include "executor/base/mem.h"

struct row {
	const char *name;
	uint8_t bits;
	uint8_t base[16];
};

static const struct row rows4[] = {
	{ "metadata", 32, { 169, 254, 169, 254 } },
	{ "metadata", 32, { 100, 100, 100, 200 } }, /* of one large cloud */
	{ "unspecified", 8, { 0 } }, /* Linux takes 0.0.0.0 for itself */
	{ "private", 8, { 10 } },
	{ "shared by a carrier", 10, { 100, 64 } },
	{ "loopback", 8, { 127 } },
	{ "link-local", 16, { 169, 254 } },
	{ "private", 12, { 172, 16 } },
	{ "of protocols", 24, { 192, 0, 0 } },
	{ "documentation", 24, { 192, 0, 2 } },
	{ "a tunnel's", 24, { 192, 88, 99 } },
	{ "private", 16, { 192, 168 } },
	{ "of benchmarks", 15, { 198, 18 } },
	{ "documentation", 24, { 198, 51, 100 } },
	{ "documentation", 24, { 203, 0, 113 } },
	{ "multicast", 4, { 224 } },
	{ "reserved", 4, { 240 } }, /* with broadcast */
};

static const struct row rows6[] = {
	{ "metadata", 128, { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, 0x54 } },
	{ "loopback", 128, { [15] = 1 } },
	{ "private", 7, { 0xfc } },
	{ "link-local", 10, { 0xfe, 0x80 } },
	{ "site-local", 10, { 0xfe, 0xc0 } },
	{ "multicast", 8, { 0xff } },
	{ "of protocols", 23, { 0x20, 0x01 } }, /* Teredo, ORCHID, … */
	{ "documentation", 32, { 0x20, 0x01, 0x0d, 0xb8 } },
	{ "a tunnel's", 16, { 0x20, 0x02 } }, /* 6to4: IPv4 inside */
	{ "documentation", 20, { 0x3f, 0xff } },
};

/* What alone is given out as public; the rest of IPv6 is not, or not yet. */
static const struct net_range public6 = { { 6, { 0x20 } }, 3 };

/* The prefix by which networks without IPv4 reach it: the address inside
 * decides. */
static const struct net_range nat64 = { { 6, { 0x00, 0x64, 0xff, 0x9b } }, 96 };

static const char *find(const struct row *rows, size_t n,
			const struct net_address *a)
{
	for (size_t i = 0; i < n; i++) {
		struct net_range r = { .bits = rows[i].bits };

		r.base.family = a->family;
		for (int k = 0; k < 16; k++)
			r.base.bytes[k] = rows[i].base[k];
		if (net_range_has(&r, a))
			return rows[i].name;
	}
	return NULL;
}

const char *reserved_find(const struct net_address *a)
{
	const char *name;

	if (a->family == 4)
		return find(rows4, ARRAY_LEN(rows4), a);
	if (net_range_has(&nat64, a)) {
		struct net_address inside;

		net_address_set(&inside, a->bytes + 12, 4);
		return reserved_find(&inside);
	}
	name = find(rows6, ARRAY_LEN(rows6), a);
	if (name || net_range_has(&public6, a))
		return name;
	return "reserved";
}
