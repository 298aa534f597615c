/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the clocks. Deadlines are points of the monotonic clock, which a
 * change of the date does not move; only stamps come from the wall clock.
 */
#include "executor/base/clock.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

uint64_t clock_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * CLOCK_S + (uint64_t)ts.tv_nsec;
}

struct deadline deadline_in_ms(uint64_t ms)
{
	uint64_t ns;

	if (__builtin_mul_overflow(ms, CLOCK_MS, &ns) ||
	    __builtin_add_overflow(ns, clock_now_ns(), &ns))
		return DEADLINE_NEVER;
	return (struct deadline){ ns };
}

bool deadline_passed(struct deadline d)
{
	return d.at_ns != UINT64_MAX && clock_now_ns() >= d.at_ns;
}

struct deadline deadline_earlier(struct deadline a, struct deadline b)
{
	return a.at_ns < b.at_ns ? a : b;
}

int deadline_poll_ms(struct deadline d)
{
	uint64_t now, ms;

	if (d.at_ns == UINT64_MAX)
		return -1;
	now = clock_now_ns();
	if (now >= d.at_ns)
		return 0;
	/* rounded up, or a waiter would spin through the last millisecond */
	ms = (d.at_ns - now - 1) / CLOCK_MS + 1;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

const char *clock_stamp(char buf[CLOCK_STAMP_SIZE])
{
	struct timespec ts;
	struct tm tm;
	char day[24];

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf, CLOCK_STAMP_SIZE, "%s.%03dZ", day,
		 (int)(ts.tv_nsec / 1000000));
	return buf;
}
