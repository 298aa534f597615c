/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions about hosts and addresses, and which addresses are not public. */
#include "executor/egress/policy.h"

#include "executor/base/mem.h"
#include "executor/egress/reserved.h"
#include "tests/tap.h"

#include <string.h>

static void reserved_addresses(void)
{
	static const struct {
		const char *address, *name; /* NULL: public */
	} rows[] = {
		{ "1.1.1.1", NULL },
		{ "9.255.255.255", NULL },
		{ "11.0.0.0", NULL },
		{ "100.63.255.255", NULL },
		{ "100.128.0.0", NULL },
		{ "172.15.255.255", NULL },
		{ "172.32.0.0", NULL },
		{ "192.0.1.1", NULL },
		{ "198.17.255.255", NULL },
		{ "198.20.0.0", NULL },
		{ "223.255.255.255", NULL },
		{ "169.254.169.254", "metadata" },
		{ "100.100.100.200", "metadata" },
		{ "169.254.0.1", "link-local" },
		{ "0.0.0.0", "unspecified" },
		{ "0.1.2.3", "unspecified" },
		{ "10.0.0.0", "private" },
		{ "10.255.255.255", "private" },
		{ "172.16.0.0", "private" },
		{ "172.31.255.255", "private" },
		{ "192.168.0.1", "private" },
		{ "100.64.0.0", "shared by a carrier" },
		{ "100.127.255.255", "shared by a carrier" },
		{ "127.0.0.1", "loopback" },
		{ "127.255.255.255", "loopback" },
		{ "192.0.0.8", "of protocols" },
		{ "192.0.2.1", "documentation" },
		{ "198.51.100.1", "documentation" },
		{ "203.0.113.1", "documentation" },
		{ "192.88.99.1", "a tunnel's" },
		{ "198.18.0.1", "of benchmarks" },
		{ "198.19.255.255", "of benchmarks" },
		{ "224.0.0.1", "multicast" },
		{ "239.255.255.255", "multicast" },
		{ "240.0.0.1", "reserved" },
		{ "255.255.255.255", "reserved" },
		/* IPv4 in the clothes of IPv6 */
		{ "::ffff:127.0.0.1", "loopback" },
		{ "::ffff:169.254.169.254", "metadata" },
		{ "::ffff:10.1.2.3", "private" },
		{ "::ffff:1.1.1.1", NULL },
		{ "64:ff9b::169.254.169.254", "metadata" },
		{ "64:ff9b::127.0.0.1", "loopback" },
		{ "64:ff9b::10.0.0.1", "private" },
		{ "64:ff9b::1.1.1.1", NULL },
		{ "64:ff9b:1::1.1.1.1", "reserved" },
		{ "::127.0.0.1", "reserved" },
		{ "::10.0.0.1", "reserved" },
		{ "2002:7f00:1::", "a tunnel's" },
		{ "2002:a9fe:a9fe::", "a tunnel's" },
		{ "2001::1", "of protocols" },
		{ "2001:1ff:ffff::", "of protocols" },
		{ "2001:db8::1", "documentation" },
		{ "3fff::1", "documentation" },
		{ "2606:4700::1111", NULL },
		{ "2001:200::1", NULL },
		{ "2a00:1450::1", NULL },
		{ "::", "reserved" },
		{ "::1", "loopback" },
		{ "fd00:ec2::254", "metadata" },
		{ "fd00::1", "private" },
		{ "fc00::1", "private" },
		{ "fe80::1", "link-local" },
		{ "febf::1", "link-local" },
		{ "fec0::1", "site-local" },
		{ "ff02::1", "multicast" },
		{ "100::1", "reserved" },
		{ "4000::1", "reserved" },
		{ "1fff::1", "reserved" },
		{ "5f00::1", "reserved" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_address a;

		tap_note("%s", rows[i].address);
		REQUIRE(net_address_parse(&a, rows[i].address));
		CHECK_STR(reserved_find(&a), rows[i].name);
	}
}

static void read_list(struct network *n, const char *text)
{
	*n = (struct network){ 0 };
	REQUIRE(network_parse(n, text, strlen(text), NULL) == 0);
}

static void hosts_are_decided(void)
{
	static const char list[] = "mode = allow\n"
				   "allow = example.com\n"
				   "allow = *.example.org:8443\n"
				   "allow = *.open.example:*\n"
				   "allow = 198.51.100.7:80\n"
				   "deny = secret.open.example\n"
				   "deny = *.internal.open.example:22\n";
	static const struct {
		const char *host;
		uint16_t port;
		enum policy_why why;
		const char *rule;
	} rows[] = {
		{ "example.com", 443, POLICY_ALLOWED, "example.com" },
		{ "EXAMPLE.COM.", 80, POLICY_ALLOWED, "example.com" },
		{ "example.com", 22, POLICY_PORT, "example.com" },
		{ "www.example.com", 443, POLICY_HOST, "" },
		{ "evilexample.com", 443, POLICY_HOST, "" },
		{ "example.com.evil.net", 443, POLICY_HOST, "" },
		{ "example.org", 8443, POLICY_HOST, "" },
		{ "a.example.org", 8443, POLICY_ALLOWED, "*.example.org:8443" },
		{ "a.example.org", 443, POLICY_PORT, "*.example.org:8443" },
		{ "a.open.example", 9, POLICY_ALLOWED, "*.open.example:*" },
		/* deny wins, at every port when it names none */
		{ "secret.open.example", 443, POLICY_DENIED,
		  "secret.open.example" },
		{ "secret.open.example", 8080, POLICY_DENIED,
		  "secret.open.example" },
		{ "a.internal.open.example", 22, POLICY_DENIED,
		  "*.internal.open.example:22" },
		{ "a.internal.open.example", 23, POLICY_ALLOWED,
		  "*.open.example:*" },
		{ "198.51.100.7", 80, POLICY_ALLOWED, "198.51.100.7:80" },
		{ "198.51.100.7", 443, POLICY_PORT, "198.51.100.7:80" },
		{ "[::ffff:198.51.100.7]", 80, POLICY_ALLOWED,
		  "198.51.100.7:80" },
		{ "198.51.100.8", 80, POLICY_HOST, "" },
		{ "169.254.169.254", 80, POLICY_HOST, "" },
	};
	struct network n;

	read_list(&n, list);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct policy_verdict v;
		struct net_host h;

		tap_note("%s:%u", rows[i].host, rows[i].port);
		REQUIRE(net_host_parse(&h, rows[i].host, strlen(rows[i].host),
				       NULL) == 0);
		CHECK(policy_host(&n, &h, rows[i].port, &v) ==
		      (rows[i].why == POLICY_ALLOWED));
		CHECK_INT(v.why, rows[i].why);
		CHECK_STR(v.rule, rows[i].rule);
	}
	network_finish(&n);
}

static void empty_list_denies(void)
{
	static const char *const lists[] = { "mode = allow\n",
					     "mode = allow\nallow =\n",
					     "mode = none\nallow = *:*\n" };
	struct net_host h;

	REQUIRE(net_host_parse(&h, "example.com", 11, NULL) == 0);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct policy_verdict v;
		struct network n;

		read_list(&n, lists[i]);
		CHECK(!policy_host(&n, &h, 443, &v));
		CHECK_INT(v.why, POLICY_HOST);
		network_finish(&n);
	}
}

static void addresses_are_decided(void)
{
	static const char list[] = "mode = allow\n"
				   "allow = *:*\n"
				   "deny = 8.8.8.0/24\n"
				   "deny = 9.9.9.9:53\n"
				   "allow_private = 10.1.2.0/24 fd00:1::/32\n";
	static const struct {
		const char *address;
		uint16_t port;
		enum policy_why why;
	} rows[] = {
		{ "1.1.1.1", 443, POLICY_ALLOWED },
		{ "8.8.8.8", 443, POLICY_DENIED },
		{ "8.8.8.8", 9999, POLICY_DENIED },
		{ "::ffff:8.8.8.8", 443, POLICY_DENIED },
		{ "9.9.9.9", 53, POLICY_DENIED },
		{ "9.9.9.9", 443, POLICY_ALLOWED },
		{ "10.1.2.3", 443, POLICY_ALLOWED },
		{ "::ffff:10.1.2.3", 443, POLICY_ALLOWED },
		{ "10.1.3.3", 443, POLICY_ADDRESS },
		{ "fd00:1::9", 443, POLICY_ALLOWED },
		{ "fd00:2::9", 443, POLICY_ADDRESS },
		{ "169.254.169.254", 80, POLICY_ADDRESS },
		{ "127.0.0.1", 80, POLICY_ADDRESS },
		{ "::1", 80, POLICY_ADDRESS },
	};
	struct network n;

	read_list(&n, list);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct policy_verdict v;
		struct net_address a;

		tap_note("%s:%u", rows[i].address, rows[i].port);
		REQUIRE(net_address_parse(&a, rows[i].address));
		CHECK(policy_address(&n, &a, rows[i].port, &v) ==
		      (rows[i].why == POLICY_ALLOWED));
		CHECK_INT(v.why, rows[i].why);
		CHECK((v.range != NULL) == (v.why == POLICY_ADDRESS));
	}
	network_finish(&n);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(reserved_addresses),
		TEST(hosts_are_decided),
		TEST(empty_list_denies),
		TEST(addresses_are_decided),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
