/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A heap of points in time, ordered by (deadline, sequence of adding), so that
 * equal deadlines fire in the order in which they were set. Knows no clock.
 */
#include <stddef.h>
#include <stdint.h>

/* Lives in its owner; `at` is its place in the heap plus one, 0 outside. */
struct timer {
	uint64_t at_ns;
	uint64_t sequence;
	size_t at;
};

struct timers {
	struct timer **heap;
	size_t count, room;
	uint64_t sequence;
};

/* Frees the heap; the timers themselves belong to others. */
void timers_finish(struct timers *t);

/* Adds one that is in no heap. */
void timers_add(struct timers *t, struct timer *timer, uint64_t at_ns);

/* Takes it out; fine when it is in none. */
void timers_remove(struct timers *t, struct timer *timer);

/* The earliest, NULL when there is none. */
struct timer *timers_first(const struct timers *t);
