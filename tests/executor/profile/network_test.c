/* SPDX-License-Identifier: Apache-2.0 */
/* The section [network]: as keys, as text, in profiles, and its variables. */
#include "executor/profile/network.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/profile.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void text_reads_back(void)
{
	static const char text[] = "mode = allow\n"
				   "allow = a.example\n"
				   "allow = *.b.example:8443\n"
				   "deny = c.b.example\n"
				   "allow_private = 10.1.2.0/24\n";
	struct network n = { 0 };
	struct buf out;

	buf_init(&out, 4096);
	REQUIRE(network_parse(&n, text, strlen(text), NULL) == 0);
	CHECK(n.open);
	CHECK_INT(n.allow_count, 2);
	CHECK_INT(n.deny_count, 1);
	CHECK_INT(n.private_count, 1);
	network_format(&n, &out);
	CHECK_STR(out.data, text);
	network_finish(&n);
	CHECK(n.allow == NULL);
	buf_finish(&out);
}

static void bad_keys(void)
{
	static const char *const rows[] = {
		"mode = yes\n",
		"mode = host\n",
		"mode =\n",
		"allow = https://a.example\n",
		"allow = good.example bad*.example\n",
		"allow_private = a.example\n",
		"allow_private = 10.1.2.3/8\n",
		"dany = a.example\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct network n = { 0 };
		struct err err = { 0 };

		tap_note("%s", rows[i]);
		CHECK(network_parse(&n, rows[i], strlen(rows[i]), &err) < 0);
		CHECK_STR(err.field, "network:1");
		network_finish(&n);
	}
}

static void lists_are_bounded(void)
{
	struct network n = { 0 };
	char word[32];

	for (int i = 0; i < NETWORK_RULES_MAX; i++) {
		snprintf(word, sizeof(word), "h%d.example", i);
		REQUIRE(network_key(&n, "allow", word, NULL) == 0);
	}
	CHECK(network_key(&n, "allow", "one.more.example", NULL) < 0);
	CHECK(network_key(&n, "deny", "other.example", NULL) == 0);
	for (int i = 0; i < NETWORK_RANGES_MAX; i++) {
		snprintf(word, sizeof(word), "10.%d.0.0/16", i);
		REQUIRE(network_key(&n, "allow_private", word, NULL) == 0);
	}
	CHECK(network_key(&n, "allow_private", "10.99.0.0/16", NULL) < 0);
	network_finish(&n);
}

/* A share folder with the tree's own sets and one more profile. */
static char share[64];

static void make_share(const char *name, const char *body)
{
	char path[256], text[2048];
	_auto_close_ int fd = -1;

	if (!*share) {
		str_copy(share, sizeof(share), "/tmp/coop-network.XXXXXX");
		REQUIRE(mkdtemp(share) != NULL);
		snprintf(path, sizeof(path), "%s/profiles", share);
		REQUIRE(mkdir(path, 0755) == 0);
		_auto_free_ char *sets = realpath("sandbox-profiles/syscalls",
						  NULL);
		REQUIRE(sets != NULL);
		snprintf(path, sizeof(path), "%s/syscalls", share);
		REQUIRE(symlink(sets, path) == 0);
		_auto_free_ char *base = realpath(
			"sandbox-profiles/profiles/default.conf", NULL);
		snprintf(path, sizeof(path), "%s/profiles/default.conf", share);
		REQUIRE(symlink(base, path) == 0);
	}
	snprintf(path, sizeof(path), "%s/profiles/%s.conf", share, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	snprintf(text, sizeof(text), "version = 1\n%s", body);
	REQUIRE(fd_write_all(fd, text, strlen(text), NULL) == 0);
}

static void remove_share(void)
{
	static const char *const names[] = {
		"profiles/a.conf", "profiles/b.conf", "profiles/default.conf",
		"syscalls",        "profiles",        ""
	};
	char path[256];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", share, names[i]);
		remove(path);
	}
}

static const char *variable(const struct profile *p, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < p->env_count; i++)
		if (strncmp(p->env[i], name, len) == 0 && p->env[i][len] == '=')
			return p->env[i] + len + 1;
	return NULL;
}

static void profiles_inherit_lists(void)
{
	struct profile *p;

	make_share("a", "[profile]\ninherit = default\n"
			"[network]\nmode = allow\nallow = a.example\n"
			"[environment]\nhttps_proxy = http://127.0.0.1:9\n");
	make_share("b", "[profile]\ninherit = a\n"
			"[network]\nallow = b.example\ndeny = a.example:80\n");
	REQUIRE(profile_load(&p, share, "b", NULL) == 0);
	CHECK(p->network.open);
	CHECK_INT(p->network.allow_count, 2);
	CHECK_INT(p->network.deny_count, 1);
	CHECK_STR(variable(p, "HTTP_PROXY"), NETWORK_PROXY_URL);
	CHECK_STR(variable(p, "http_proxy"), NETWORK_PROXY_URL);
	CHECK_STR(variable(p, "https_proxy"), "http://127.0.0.1:9");
	CHECK_STR(variable(p, "NO_PROXY"), "localhost,127.0.0.1,::1");
	profile_close_network(p);
	CHECK(!p->network.open);
	CHECK(variable(p, "HTTP_PROXY") == NULL);
	CHECK(variable(p, "NO_PROXY") == NULL);
	/* not ours: the profile's own */
	CHECK_STR(variable(p, "https_proxy"), "http://127.0.0.1:9");
	CHECK_STR(variable(p, "LANG"), "C.UTF-8");
	profile_destroy(p);
	remove_share();
}

static void default_is_closed(void)
{
	struct profile *p;

	REQUIRE(profile_load(&p, "sandbox-profiles", "default", NULL) == 0);
	CHECK(!p->network.open);
	CHECK(variable(p, "HTTP_PROXY") == NULL);
	profile_close_network(p);
	profile_destroy(p);
}

static void shipped_example_loads(void)
{
	struct profile *p;

	REQUIRE(profile_load(&p, "sandbox-profiles", "net-allowlist", NULL) ==
		0);
	CHECK(p->network.open);
	CHECK(p->network.allow_count > 0);
	CHECK_INT(p->network.private_count, 0);
	profile_destroy(p);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(text_reads_back),
		TEST(bad_keys),
		TEST(lists_are_bounded),
		TEST(profiles_inherit_lists),
		TEST(default_is_closed),
		TEST(shipped_example_loads),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
