/* SPDX-License-Identifier: Apache-2.0 */
/* Error values: what they say, and that they survive what is done to them. */
#include "executor/base/err.h"

#include "tests/tap.h"

#include <errno.h>
#include <string.h>

static void fills_and_returns_the_code(void)
{
	struct err err = { .field = "old", .remedy = "old" };

	CHECK_INT(err_set(&err, ERR_UNKNOWN, "no %s", "such"), -ERR_UNKNOWN);
	CHECK_INT(err.code, ERR_UNKNOWN);
	CHECK_STR(err.text, "no such");
	CHECK_STR(err.field, "");
	CHECK_STR(err.remedy, "");
	CHECK_INT(err_set(NULL, ERR_BUSY, "nobody asks"), -ERR_BUSY);
}

static void names_the_system_error(void)
{
	struct err err;

	CHECK_INT(err_sys(&err, ENOENT, "cannot open %s", "x"), -ERR_SYSTEM);
	CHECK_STR(err.text, "cannot open x: No such file or directory");
	err_sys(&err, 99999, "what");
	CHECK_STR(err.text, "what: error 99999");
	CHECK_INT(err_sys(NULL, EIO, "nobody asks"), -ERR_SYSTEM);
}

static void formats_what_is_there(void)
{
	struct err err;
	char out[128];

	err_set(&err, ERR_INVALID, "it is zero");
	CHECK_STR(err_format(&err, out, sizeof(out)), "it is zero");
	CHECK_INT(err_field(&err, "--%s", "time"), -ERR_INVALID);
	CHECK_STR(err_format(&err, out, sizeof(out)), "--time: it is zero");
	CHECK_INT(err_try(&err, "%ds", 10), -ERR_INVALID);
	CHECK_STR(err_format(&err, out, sizeof(out)),
		  "--time: it is zero. Try: 10s");
	CHECK_STR(err_format(&err, out, 8), "--time:");
	err_set(&err, ERR_DEADLINE, NULL);
	CHECK_STR(err_format(&err, out, sizeof(out)),
		  "the deadline has passed");
}

static void takes_its_own_text_as_argument(void)
{
	struct err err;

	err_set(&err, ERR_INVALID, "inner");
	err_prefix(&err, "outer: ");
	CHECK_STR(err.text, "outer: inner");
	err_set(&err, ERR_UNAVAILABLE, "again: %s", err.text);
	CHECK_STR(err.text, "again: outer: inner");
	CHECK_INT(err.code, ERR_UNAVAILABLE);
}

static void cuts_what_is_too_long(void)
{
	char large[2000];
	struct err err;

	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	err_set(&err, ERR_INVALID, "%s", large);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
	err_field(&err, "%s", large);
	CHECK_INT(strlen(err.field), sizeof(err.field) - 1);
	err_prefix(&err, "%s", large);
	CHECK_INT(strlen(err.text), sizeof(err.text) - 1);
}

static void every_code_has_a_name_and_a_status(void)
{
	CHECK_STR(err_name(ERR_NONE), "ok");
	CHECK_INT(err_http(ERR_NONE), 200);
	CHECK_STR(err_name(ERR_QUEUE_FULL), "queue_full");
	CHECK_INT(err_http(ERR_QUEUE_FULL), 429);
	CHECK_STR(err_name((enum err_code)12345), "internal");
	for (int code = ERR_INVALID; code <= ERR_REENTRANT; code++) {
		CHECK(err_name((enum err_code)code)[0] != '\0');
		CHECK(err_http((enum err_code)code) >= 400);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(fills_and_returns_the_code),
		TEST(names_the_system_error),
		TEST(formats_what_is_there),
		TEST(takes_its_own_text_as_argument),
		TEST(cuts_what_is_too_long),
		TEST(every_code_has_a_name_and_a_status),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
