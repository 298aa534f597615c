/* SPDX-License-Identifier: Apache-2.0 */
/* What URLs are taken for, and the set of origins. */
#include "executor/net/http_origin.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

static void origins(void)
{
	static const struct {
		const char *url, *origin; /* NULL: refused */
		bool local;
	} rows[] = {
		{ "https://api.example.com/v1?x#y", "https://api.example.com" },
		{ "HTTP://a:80", "HTTP://a:80" },
		{ "http://user:secret@host:1/x", "http://host:1" },
		{ "http://a@b@c/x", "http://c" },
		{ "http://host/@x", "http://host" },
		{ "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080", true },
		{ "http://localhost/", "http://localhost", true },
		{ "http://LOCALHOST:1", "http://LOCALHOST:1", true },
		{ "http://[::1]:99/x", "http://[::1]:99", true },
		{ "http://[::2]:99/x", "http://[::2]:99" },
		{ "http://127.example.com/", "http://127.example.com" },
		{ "http://localhost.example.com/",
		  "http://localhost.example.com" },
		{ "ftp://a/" },
		{ "file:///etc/passwd" },
		{ "" },
		{ "http://" },
		{ "http:///x" },
		{ "http://:80/" },
		{ "http://a b/" },
		{ "http://a/\r\nX: y" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };
		_auto_free_ char *got = http_origin(rows[i].url, &err);

		if (!CHECK_STR(got, rows[i].origin))
			tap_note("of %s", rows[i].url);
		if (!got)
			CHECK_INT(err.code, ERR_INVALID);
		else
			CHECK_INT(http_origin_local(got), rows[i].local);
	}
}

static void set(void)
{
	struct http_origins s = { 0 };

	CHECK(!http_origins_has(&s, "a"));
	http_origins_add(&s, "a");
	http_origins_add(&s, "a");
	CHECK(http_origins_has(&s, "a"));
	CHECK_INT(s.next, 1);
	http_origins_remove(&s, "b");
	http_origins_remove(&s, "a");
	CHECK(!http_origins_has(&s, "a"));
	for (int i = 0; i < 2 * HTTP_ORIGINS_MAX; i++) {
		_auto_free_ char *name = mem_printf("n%d", i);

		http_origins_add(&s, name);
	}
	CHECK(!http_origins_has(&s, "n0"));
	CHECK(http_origins_has(&s, "n127"));
	http_origins_finish(&s);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(origins),
						 TEST(set),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
