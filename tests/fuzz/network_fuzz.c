/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts, ranges and rules of a profile's [network], one a line, and all lines
 * as that section's keys: one form for each, which reads back as itself, and
 * nothing is taken for a name that a C library would take for an address.
 */
#include "executor/profile/network.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static void check_host(const char *text, size_t len)
{
	char *exact = fuzz_copy((const uint8_t *)text, len);
	struct net_host h, back;
	char out[NET_HOST_TEXT], again[NET_HOST_TEXT];
	struct in_addr legacy;
	struct err err = { 0 };

	if (net_host_parse(&h, exact, len, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(str_utf8_valid(err.text, strlen(err.text)));
		free(exact);
		return;
	}
	free(exact);
	net_host_format(&h, out);
	FUZZ_CHECK(net_host_parse(&back, out, strlen(out), NULL) == 0);
	FUZZ_SAME(net_host_format(&back, again), out);
	FUZZ_SAME(back.name, h.name);
	FUZZ_CHECK(back.literal == h.literal);
	FUZZ_CHECK(h.literal || !inet_aton(h.name, &legacy));
	for (const char *p = h.name; *p; p++)
		FUZZ_CHECK((*p > ' ' && *p < 'A') || (*p > 'Z' && *p < 0x7f));
}

static void check_range(const char *text)
{
	char out[NET_RANGE_TEXT], again[NET_RANGE_TEXT];
	struct net_range r, back;
	struct net_address a;
	struct err err = { 0 };

	if (net_range_parse(&r, text, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(!net_address_parse(&a, text));
		return;
	}
	FUZZ_CHECK(r.bits <= (r.base.family == 4 ? 32 : 128));
	FUZZ_CHECK(net_range_has(&r, &r.base));
	net_range_format(&r, out);
	FUZZ_CHECK(net_range_parse(&back, out, NULL) == 0);
	FUZZ_SAME(net_range_format(&back, again), out);
}

static void check_rule(const char *text)
{
	char out[NET_RULE_TEXT], again[NET_RULE_TEXT];
	struct net_rule r, back;
	struct net_host h = { .literal = false };
	struct err err = { 0 };

	if (net_rule_parse(&r, text, &err) < 0) {
		fuzz_check_err(&err);
		return;
	}
	net_rule_format(&r, out);
	FUZZ_CHECK(net_rule_parse(&back, out, NULL) == 0);
	FUZZ_SAME(net_rule_format(&back, again), out);
	FUZZ_CHECK(r.low <= r.high);
	FUZZ_CHECK(r.low ? net_rule_port(&r, r.low) && net_rule_port(&r, r.high)
			 : net_rule_port(&r, 80) && !net_rule_port(&r, 81));
	if (r.kind != NET_RULE_NAME && r.kind != NET_RULE_BELOW)
		return;
	/* the name itself, and one below it */
	str_copy(h.name, sizeof(h.name), r.name);
	FUZZ_CHECK(net_rule_host(&r, &h) == (r.kind == NET_RULE_NAME));
	if (strlen(r.name) + 3 > sizeof(h.name))
		return;
	memcpy(h.name, "x.", 2);
	str_copy(h.name + 2, sizeof(h.name) - 2, r.name);
	FUZZ_CHECK(net_rule_host(&r, &h) == (r.kind == NET_RULE_BELOW));
}

static void check_section(const char *text, size_t len)
{
	struct network n = { 0 }, back = { 0 };
	struct buf first, second;
	struct err err = { 0 };

	buf_init(&first, 1 << 20);
	buf_init(&second, 1 << 20);
	if (network_parse(&n, text, len, &err) < 0) {
		fuzz_check_err(&err);
	} else {
		FUZZ_CHECK(n.allow_count <= NETWORK_RULES_MAX &&
			   n.deny_count <= NETWORK_RULES_MAX &&
			   n.private_count <= NETWORK_RANGES_MAX);
		network_format(&n, &first);
		FUZZ_CHECK(network_parse(&back, first.data, first.len, &err) ==
			   0);
		network_format(&back, &second);
		FUZZ_SAME(second.data, first.data);
	}
	network_finish(&n);
	network_finish(&back);
	buf_finish(&first);
	buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *line;

	check_section(text, size);
	while ((line = strsep(&rest, "\n"))) {
		check_host(line, strlen(line));
		check_range(line);
		check_rule(line);
	}
	mem_free(text);
	return 0;
}
