/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses, ranges, hosts and rules: what is read, what is refused, what
 * matches. */
#include "executor/profile/net_rule.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

static void addresses(void)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
	} rows[] = {
		{ "198.51.100.7", "198.51.100.7" },
		{ "2001:db8::7", "2001:db8::7" },
		{ "2001:DB8:0:0:0:0:0:7", "2001:db8::7" },
		{ "::ffff:169.254.169.254", "169.254.169.254" },
		{ "::ffff:a9fe:a9fe", "169.254.169.254" },
		{ "::", "::" },
		{ "127.1", NULL },
		{ "2130706433", NULL },
		{ "0x7f.0.0.1", NULL },
		{ "0177.0.0.1", NULL },
		{ "1.2.3.4.5", NULL },
		{ "1.2.3.256", NULL },
		{ "fe80::1%lo", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_address a;
		char text[NET_ADDRESS_TEXT] = "";

		tap_note("%s", rows[i].in);
		CHECK(net_address_parse(&a, rows[i].in) ==
		      (rows[i].out != NULL));
		if (rows[i].out)
			CHECK_STR(net_address_format(&a, text), rows[i].out);
	}
}

static void ranges(void)
{
	static const struct {
		const char *range, *address;
		bool has;
	} rows[] = {
		{ "10.1.2.0/24", "10.1.2.255", true },
		{ "10.1.2.0/24", "10.1.3.0", false },
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "0.0.0.0/0", "255.255.255.255", true },
		{ "0.0.0.0/0", "::1", false },
		{ "172.16.0.0/12", "172.31.255.255", true },
		{ "172.16.0.0/12", "172.32.0.0", false },
		{ "10.1.2.3", "10.1.2.3", true },
		{ "10.1.2.3", "10.1.2.4", false },
		{ "fd00::/8", "fdff::1", true },
		{ "fd00::/8", "fe00::1", false },
		{ "2001:db8::/33", "2001:db8:7fff::", true },
		{ "2001:db8::/33", "2001:db8:8000::", false },
		{ "10.0.0.0/8", "::ffff:10.1.1.1", true },
	};
	static const char *const bad[] = {
		"10.1.2.3/24",         "10.0.0.0/33",
		"10.0.0.0/",           "10.0.0.0/-1",
		"10.0.0.0/08x",        "fd00::/129",
		"example.com/8",       "",
		"::ffff:10.0.0.0/104", "/8",
		"10.0.0.0/8/8",
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_range r;
		struct net_address a;
		char text[NET_RANGE_TEXT];

		tap_note("%s %s", rows[i].range, rows[i].address);
		REQUIRE(net_range_parse(&r, rows[i].range, NULL) == 0);
		REQUIRE(net_address_parse(&a, rows[i].address));
		CHECK(net_range_has(&r, &a) == rows[i].has);
		CHECK_STR(net_range_format(&r, text), rows[i].range);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct net_range r;

		tap_note("%s", bad[i]);
		CHECK(net_range_parse(&r, bad[i], NULL) < 0);
	}
}

static void hosts(void)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
		bool literal;
	} rows[] = {
		{ "example.com", "example.com", false },
		{ "EXAMPLE.Com.", "example.com", false },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example", false },
		{ "a_b.example", "a_b.example", false },
		{ "localhost", "localhost", false },
		{ "1.example", "1.example", false },
		{ "198.51.100.7", "198.51.100.7", true },
		{ "[2001:DB8::7]", "2001:db8::7", true },
		{ "[::ffff:10.0.0.1]", "10.0.0.1", true },
		{ "2001:db8::7", NULL, false },
		{ "[198.51.100.7]", NULL, false },
		{ "[::1", NULL, false },
		{ "[fe80::1%25lo]", NULL, false },
		{ "2130706433", NULL, false },
		{ "0x7f000001", NULL, false },
		{ "0x7f.1", NULL, false },
		{ "127.1", NULL, false },
		{ "127.0.0.1.", NULL, false },
		{ "example.0x7f", NULL, false },
		{ "exa mple.com", NULL, false },
		{ "ex\xc3\xa4mple.com", NULL, false },
		{ "example..com", NULL, false },
		{ ".example.com", NULL, false },
		{ "example.com..", NULL, false },
		{ "-a.example", NULL, false },
		{ "a-.example", NULL, false },
		{ "a/b.example", NULL, false },
		{ "user@example.com", NULL, false },
		{ ".", NULL, false },
		{ "", NULL, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_host h;
		int rc = net_host_parse(&h, rows[i].in, strlen(rows[i].in),
					NULL);

		tap_note("%s", rows[i].in);
		CHECK((rc == 0) == (rows[i].out != NULL));
		if (rc || !rows[i].out)
			continue;
		CHECK_STR(h.name, rows[i].out);
		CHECK(h.literal == rows[i].literal);
	}
}

static void long_hosts(void)
{
	char name[300];
	struct net_host h;

	memset(name, 'a', sizeof(name));
	for (size_t i = 60; i < sizeof(name); i += 60)
		name[i] = '.';
	CHECK(net_host_parse(&h, name, 253, NULL) == 0);
	CHECK(net_host_parse(&h, name, 254, NULL) < 0);
	memset(name, 'a', sizeof(name));
	CHECK(net_host_parse(&h, name, 63, NULL) == 0);
	CHECK(net_host_parse(&h, name, 64, NULL) < 0);
	CHECK(net_host_parse(&h, "a\0b", 3, NULL) < 0);
}

static void rules_match(void)
{
	static const struct {
		const char *rule, *host;
		uint16_t port;
		bool host_hit, port_hit;
	} rows[] = {
		{ "example.com", "example.com", 443, true, true },
		{ "example.com", "example.com", 80, true, true },
		{ "example.com", "example.com", 8080, true, false },
		{ "example.com", "www.example.com", 443, false, true },
		{ "example.com", "evilexample.com", 443, false, true },
		{ "example.com", "example.com.evil.org", 443, false, true },
		{ "Example.COM.", "example.com", 443, true, true },
		{ "example.com:8443", "example.com", 8443, true, true },
		{ "example.com:8443", "example.com", 443, true, false },
		{ "example.com:8000-8099", "example.com", 8000, true, true },
		{ "example.com:8000-8099", "example.com", 8099, true, true },
		{ "example.com:8000-8099", "example.com", 8100, true, false },
		{ "example.com:8000-8099", "example.com", 7999, true, false },
		{ "example.com:*", "example.com", 1, true, true },
		{ "*.example.com", "a.example.com", 443, true, true },
		{ "*.example.com", "a.b.example.com", 443, true, true },
		{ "*.example.com", "example.com", 443, false, true },
		{ "*.example.com", "evilexample.com", 443, false, true },
		{ "*.example.com", "a.example.com.evil.org", 443, false, true },
		{ "*.example.com:22", "a.example.com", 22, true, true },
		{ "198.51.100.7", "198.51.100.7", 443, true, true },
		{ "198.51.100.7", "198.51.100.8", 443, false, true },
		{ "198.51.100.0/24:8080", "198.51.100.9", 8080, true, true },
		{ "198.51.100.0/24", "name.example", 443, false, true },
		{ "[2001:db8::7]:8080", "[2001:db8:0::7]", 8080, true, true },
		{ "[2001:db8::]/32", "[2001:db8:1::1]", 443, true, true },
		{ "[2001:db8::]/32:99", "[2001:db9::1]", 99, false, true },
		{ "*", "anything.example", 443, true, true },
		{ "*", "198.51.100.7", 22, true, false },
		{ "*:*", "anything.example", 22, true, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_rule r;
		struct net_host h;

		tap_note("%s %s:%u", rows[i].rule, rows[i].host, rows[i].port);
		REQUIRE(net_rule_parse(&r, rows[i].rule, NULL) == 0);
		REQUIRE(net_host_parse(&h, rows[i].host, strlen(rows[i].host),
				       NULL) == 0);
		CHECK(net_rule_host(&r, &h) == rows[i].host_hit);
		CHECK(net_rule_port(&r, rows[i].port) == rows[i].port_hit);
	}
}

static void rules_print(void)
{
	static const char *const rows[] = {
		"example.com",
		"example.com:8443",
		"example.com:8000-8099",
		"example.com:*",
		"*.example.com:22",
		"198.51.100.7:80",
		"198.51.100.0/24",
		"[2001:db8::7]:8080",
		"[2001:db8::]/32",
		"*",
		"*:443",
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_rule r;
		char text[NET_RULE_TEXT];

		REQUIRE(net_rule_parse(&r, rows[i], NULL) == 0);
		CHECK_STR(net_rule_format(&r, text), rows[i]);
	}
}

static void rules_refused(void)
{
	static const struct {
		const char *text, *says; /* in text or remedy */
	} rows[] = {
		{ "https://example.com/x", "example.com" },
		{ "example.com/path", "address" },
		{ "ex*mple.com", "*.example.com" },
		{ "*.*.com", "*.example.com" },
		{ "**.example.com", "*.example.com" },
		{ "*example.com", "*.example.com" },
		{ "example.com:", "" },
		{ "example.com:0", "" },
		{ "example.com:65536", "" },
		{ "example.com:90-80", "before" },
		{ "example.com:80-", "" },
		{ "example.com:http", "" },
		{ "2001:db8::7", "brackets" },
		{ "2001:db8::/32", "brackets" },
		{ "[2001:db8::7", "" },
		{ "[2001:db8::7]x", "" },
		{ "[2001:db8::7]:80:90", "" },
		{ "10.1.2.3/24", "10.1.2.0/24" },
		{ "*.198.51.100.7", "" },
		{ "127.1", "" },
		{ "", "" },
		{ ":80", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };
		struct net_rule r;
		char said[1024];

		tap_note("%s", rows[i].text);
		CHECK(net_rule_parse(&r, rows[i].text, &err) < 0);
		CHECK(*err.text);
		CHECK(strstr(err_format(&err, said, sizeof(said)),
			     rows[i].says) != NULL);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(addresses),     TEST(ranges),
		TEST(hosts),         TEST(long_hosts),
		TEST(rules_match),   TEST(rules_print),
		TEST(rules_refused), { 0 },
	};

	return tap_main(tests, argc, argv);
}
