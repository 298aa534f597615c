/* SPDX-License-Identifier: Apache-2.0 */
/* Results in one line for people. */
#include "executor/run/explain.h"

#include "executor/spec/result.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

static const struct row {
	enum reason reason;
	const char *text;
} rows[] = {
	{ REASON_TIME, "time_limit: ended after 1.5s" },
	{ REASON_CPU, "cpu_limit: used up 2s of cpu time" },
	{ REASON_MEMORY, "memory_limit: needed more than 64M" },
	{ REASON_PROCESSES, "processes_limit: wanted more than 20 processes" },
	{ REASON_CANCELLED, "cancelled" },
	{ REASON_BROKEN, "sandbox_error: it broke" },
};

static struct result result(void)
{
	struct result r;

	result_init(&r);
	r.status = RUN_FAILED;
	r.limits = (struct limits){ .time_ms = 1500,
				    .cpu_time_ms = 2000,
				    .memory_bytes = 64 << 20,
				    .processes = 20,
				    .output_bytes = 1 << 20 };
	snprintf(r.message, sizeof(r.message), "it broke");
	return r;
}

static void each_reason_has_its_words(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct result r = result();
		char text[256];

		r.reasons[0] = rows[i].reason;
		r.reason_count = 1;
		CHECK(explain_result(&r, text, sizeof(text)));
		CHECK_STR(text, rows[i].text);
	}
}

static void several_stand_in_their_order(void)
{
	struct result r = result();
	char text[256], small[16];

	r.stdout_truncated = true;
	r.reasons[0] = REASON_TIME;
	r.reasons[1] = REASON_OUTPUT;
	r.reason_count = 2;
	CHECK(explain_result(&r, text, sizeof(text)));
	CHECK_STR(text, "time_limit: ended after 1.5s; output_limit: more than "
			"1M on standard output, its middle is left out");
	CHECK(explain_result(&r, small, sizeof(small)));
	CHECK_INT(strlen(small), 15);
}

static void nothing_to_say(void)
{
	struct result r = result();
	char text[256];

	r.message[0] = '\0';
	CHECK(!explain_result(&r, text, sizeof(text)));
	CHECK_STR(text, "");
	r.status = RUN_COMPILE_FAILED;
	CHECK(explain_result(&r, text, sizeof(text)));
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(each_reason_has_its_words),
		TEST(several_stand_in_their_order),
		TEST(nothing_to_say),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
