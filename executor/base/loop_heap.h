/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The timers of one loop: a binary heap ordered by (deadline, sequence), so
 * that timers of one instant fire in the order in which they were set. Reads
 * no clock and waits for nothing.
 */
#include "executor/base/clock.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop_timer;

struct loop_heap {
	struct loop_timer **items;
	size_t count, cap;
	uint64_t sequence; /* of the next timer */
};

/* A new timer, owned by the heap until it is taken or removed; never NULL. */
struct loop_timer *loop_heap_add(struct loop_heap *h, struct deadline d,
				 void (*fn)(void *), void *arg);

/* Removes and frees a timer that has not been taken; NULL is fine. */
void loop_heap_remove(struct loop_timer *t);

/* The earliest deadline; DEADLINE_NEVER when empty. */
struct deadline loop_heap_next(const struct loop_heap *h);

/*
 * Removes and frees the first timer if it is due at `now` and was set before
 * `sequence`, and hands out its call; false if there is none.
 */
bool loop_heap_take(struct loop_heap *h, uint64_t now, uint64_t sequence,
		    void (**fn)(void *), void **arg);

/* Frees all timers; none is called. */
void loop_heap_finish(struct loop_heap *h);
