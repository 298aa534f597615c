/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A binary heap of pointers; every timer knows its place, so that one that is
 * not needed any more leaves in logarithmic time instead of firing in vain.
 */
#include "agentlib/fiber/timers.h"
#include "executor/base/mem.h"
#include <stdbool.h>

void timers_finish(struct timers *t)
{
	mem_free(t->heap);
	t->heap = NULL;
	t->count = t->room = 0;
}

static bool timers_before(const struct timer *a, const struct timer *b)
{
	if (a->at_ns != b->at_ns)
		return a->at_ns < b->at_ns;
	return a->sequence < b->sequence;
}

static void timers_place(struct timers *t, struct timer *timer, size_t i)
{
	t->heap[i] = timer;
	timer->at = i + 1;
}

static void timers_up(struct timers *t, struct timer *timer, size_t i)
{
	while (i > 0) {
		size_t parent = (i - 1) / 2;

		if (!timers_before(timer, t->heap[parent]))
			break;
		timers_place(t, t->heap[parent], i);
		i = parent;
	}
	timers_place(t, timer, i);
}

static void timers_down(struct timers *t, struct timer *timer, size_t i)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= t->count)
			break;
		if (child + 1 < t->count &&
		    timers_before(t->heap[child + 1], t->heap[child]))
			child++;
		if (!timers_before(t->heap[child], timer))
			break;
		timers_place(t, t->heap[child], i);
		i = child;
	}
	timers_place(t, timer, i);
}

void timers_add(struct timers *t, struct timer *timer, uint64_t at_ns)
{
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->heap = mem_resize(t->heap, t->room, sizeof(*t->heap));
	}
	timer->at_ns = at_ns;
	timer->sequence = t->sequence++;
	timers_up(t, timer, t->count++);
}

void timers_remove(struct timers *t, struct timer *timer)
{
	struct timer *last;
	size_t i;

	if (timer->at == 0)
		return;
	i = timer->at - 1;
	timer->at = 0;
	last = t->heap[--t->count];
	if (last == timer)
		return;
	if (i > 0 && timers_before(last, t->heap[(i - 1) / 2]))
		timers_up(t, last, i);
	else
		timers_down(t, last, i);
}

struct timer *timers_first(const struct timers *t)
{
	return t->count ? t->heap[0] : NULL;
}
