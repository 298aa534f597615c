/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Time: monotonic nanoseconds, deadlines, and RFC 3339 stamps. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_MS 1000000ULL
#define CLOCK_S 1000000000ULL

/* An absolute point of CLOCK_MONOTONIC in ns; DEADLINE_NEVER never passes. */
struct deadline {
	uint64_t at_ns;
};
#define DEADLINE_NEVER ((struct deadline){ UINT64_MAX })

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_now_ns(void);

/* `ms` milliseconds from now; DEADLINE_NEVER when that is beyond counting. */
struct deadline deadline_in_ms(uint64_t ms);

/* Whether the point has come; never for DEADLINE_NEVER. */
bool deadline_passed(struct deadline d);

/* The one that comes first. */
struct deadline deadline_earlier(struct deadline a, struct deadline b);

/* Milliseconds left for poll(): rounded up, 0 when passed, -1 for never. */
int deadline_poll_ms(struct deadline d);

/* Wall clock as "2026-11-22T10:00:00.123Z" (24 characters) into buf. */
#define CLOCK_STAMP_SIZE 32
const char *clock_stamp(char buf[CLOCK_STAMP_SIZE]);
