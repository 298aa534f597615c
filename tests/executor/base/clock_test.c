/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines at their edges, and the form of a stamp. Sleeps nowhere. */
#include "executor/base/clock.h"

#include "tests/tap.h"

#include <limits.h>
#include <string.h>
#include <time.h>

static void never_does_not_pass(void)
{
	CHECK(!deadline_passed(DEADLINE_NEVER));
	CHECK_INT(deadline_poll_ms(DEADLINE_NEVER), -1);
	CHECK(deadline_in_ms(UINT64_MAX).at_ns == UINT64_MAX);
	CHECK(deadline_in_ms(UINT64_MAX / CLOCK_MS).at_ns == UINT64_MAX);
}

static void past_and_future(void)
{
	struct deadline past = { 0 }, hour = deadline_in_ms(3600000);

	CHECK(deadline_passed(past));
	CHECK_INT(deadline_poll_ms(past), 0);
	CHECK(deadline_passed(deadline_in_ms(0)));
	CHECK(!deadline_passed(hour));
	CHECK(deadline_poll_ms(hour) > 3500000);
	CHECK(deadline_poll_ms(hour) <= 3600000);
	CHECK_INT(deadline_poll_ms((struct deadline){ UINT64_MAX - 1 }),
		  INT_MAX);
	CHECK(deadline_earlier(past, hour).at_ns == 0);
	CHECK(deadline_earlier(DEADLINE_NEVER, hour).at_ns == hour.at_ns);
}

static void poll_rounds_up(void)
{
	struct deadline soon = { clock_now_ns() + 1 };

	/* 1 when asked before it has passed, never a busy 0 before that */
	CHECK(deadline_poll_ms(soon) >= 0);
	soon.at_ns = clock_now_ns() + CLOCK_S + 1;
	CHECK(deadline_poll_ms(soon) > 900);
	CHECK(deadline_poll_ms(soon) <= 1001);
}

static void stamp_is_rfc3339(void)
{
	char buf[CLOCK_STAMP_SIZE];
	const char *form = "dddd-dd-ddTdd:dd:dd.dddZ";
	const char *stamp = clock_stamp(buf);
	struct tm tm = { 0 };
	time_t read_back;

	REQUIRE(strlen(stamp) == strlen(form));
	for (size_t i = 0; form[i]; i++)
		CHECK(form[i] == 'd' ? stamp[i] >= '0' && stamp[i] <= '9'
				     : stamp[i] == form[i]);
	REQUIRE(strptime(stamp, "%Y-%m-%dT%H:%M:%S", &tm) != NULL);
	read_back = timegm(&tm);
	CHECK(read_back <= time(NULL) && read_back > time(NULL) - 3600);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(never_does_not_pass),
		TEST(past_and_future),
		TEST(poll_rounds_up),
		TEST(stamp_is_rfc3339),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
