/* SPDX-License-Identifier: Apache-2.0 */
/* Locks of uids: never the same twice, free when their holder dies. */
#include "executor/jail/uids.h"

#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void ranges_of_others(void)
{
	static const struct {
		const char *text;
		int subuid, hit;
	} rows[] = {
		{ "", 0, 0 },
		{ "root:x:0:0:root:/root:/bin/sh\n", 0, 0 },
		{ "a:x:1878982656:1::/:\n", 0, 1 },
		{ "a:x:1879048191:1::/:", 0, 1 },
		{ "a:x:1879048192:1::/:\n", 0, 0 },
		{ "a:x:1878982655:1::/:\n", 0, 0 },
		{ "broken\na:x:oops:1\n::\n+::::::\n", 0, 0 },
		{ "a:100000:65536\nb:165536:65536\n", 1, 0 },
		{ "a:1878982000:656\n", 1, 0 },
		{ "a:1878982000:657\n", 1, 1 },
		{ "a:1879048191:1\n", 1, 1 },
		{ "a:1879048192:65536\n", 1, 0 },
		{ "a:0:4294967295\n", 1, 1 },
		{ "a:1878990000:0\n", 1, 0 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_INT(uids_overlap(rows[i].text, rows[i].subuid),
			  rows[i].hit);
}

static void never_twice(void)
{
	char path[] = "/tmp/coop-uids-XXXXXX";
	static uint8_t seen[UIDS_COUNT];
	struct uids *a, *b;
	uint32_t n;

	REQUIRE(close(mkstemp(path)) == 0);
	REQUIRE(uids_open(&a, path, UIDS_COUNT, NULL) == 0);
	REQUIRE(uids_open(&b, path, UIDS_COUNT, NULL) == 0);
	for (int i = 0; i < 4000; i++) {
		REQUIRE(uids_take(i % 2 ? a : b, &n, NULL) == 0);
		CHECK(n >= UIDS_FIRST && n < UIDS_COUNT);
		CHECK(!seen[n]);
		seen[n] = 1;
	}
	/* given back, it can be had again; the end of one frees all its own */
	uids_give(a, n);
	uids_close(a);
	uids_close(b);
	REQUIRE(uids_open(&a, path, UIDS_COUNT, NULL) == 0);
	for (uint32_t i = UIDS_FIRST; i < UIDS_COUNT; i++)
		if (uids_take(a, &n, NULL))
			break;
	struct err err = { 0 };
	CHECK_INT(uids_take(a, &n, &err), -ERR_UNAVAILABLE);
	uids_give(a, 4711);
	CHECK_INT(uids_take(a, &n, NULL), 0);
	CHECK_INT(n, 4711);
	uids_close(a);
	unlink(path);
}

static void death_frees(void)
{
	char path[] = "/tmp/coop-uids-XXXXXX";
	struct uids *u;
	uint32_t n;

	REQUIRE(close(mkstemp(path)) == 0);
	pid_t child = fork();
	if (child == 0) {
		uids_open(&u, path, UIDS_COUNT, NULL);
		while (uids_take(u, &n, NULL) == 0)
			;
		_exit(0);
	}
	waitpid(child, NULL, 0);
	REQUIRE(uids_open(&u, path, UIDS_COUNT, NULL) == 0);
	CHECK_INT(uids_take(u, &n, NULL), 0);
	uids_close(u);
	uids_close(NULL);
	unlink(path);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(ranges_of_others),
		TEST(never_twice),
		TEST(death_frees),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
