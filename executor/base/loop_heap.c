/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap of timers. Each timer knows its place in it, so that stopping one
 * of many thousands costs no search. Does not fire anything itself.
 */
#include "executor/base/loop_heap.h"

#include "executor/base/mem.h"

struct loop_timer {
	struct loop_heap *heap;
	size_t place;
	uint64_t at_ns, sequence;
	void (*fn)(void *);
	void *arg;
};

static bool before(const struct loop_timer *a, const struct loop_timer *b)
{
	if (a->at_ns != b->at_ns)
		return a->at_ns < b->at_ns;
	return a->sequence < b->sequence;
}

static void put(struct loop_heap *h, size_t place, struct loop_timer *t)
{
	h->items[place] = t;
	t->place = place;
}

/* Finds t's place upwards from `place`, which is free. */
static void sift_up(struct loop_heap *h, size_t place, struct loop_timer *t)
{
	while (place) {
		size_t parent = (place - 1) / 2;

		if (!before(t, h->items[parent]))
			break;
		put(h, place, h->items[parent]);
		place = parent;
	}
	put(h, place, t);
}

/* Finds t's place downwards from `place`, which is free. */
static void sift_down(struct loop_heap *h, size_t place, struct loop_timer *t)
{
	for (;;) {
		size_t child = 2 * place + 1;

		if (child + 1 < h->count &&
		    before(h->items[child + 1], h->items[child]))
			child++;
		if (child >= h->count || !before(h->items[child], t))
			break;
		put(h, place, h->items[child]);
		place = child;
	}
	put(h, place, t);
}

struct loop_timer *loop_heap_add(struct loop_heap *h, struct deadline d,
				 void (*fn)(void *), void *arg)
{
	struct loop_timer *t = mem_new(struct loop_timer);

	t->heap = h;
	t->at_ns = d.at_ns;
	t->sequence = h->sequence++;
	t->fn = fn;
	t->arg = arg;
	if (h->count == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 16;
		h->items = mem_resize(h->items, h->cap, sizeof(*h->items));
	}
	sift_up(h, h->count++, t);
	return t;
}

void loop_heap_remove(struct loop_timer *t)
{
	struct loop_heap *h;
	struct loop_timer *last;
	size_t place;

	if (!t)
		return;
	h = t->heap;
	place = t->place;
	last = h->items[--h->count];
	if (last != t && before(last, t))
		sift_up(h, place, last);
	else if (last != t)
		sift_down(h, place, last);
	mem_free(t);
}

struct deadline loop_heap_next(const struct loop_heap *h)
{
	if (!h->count)
		return DEADLINE_NEVER;
	return (struct deadline){ h->items[0]->at_ns };
}

bool loop_heap_take(struct loop_heap *h, uint64_t now, uint64_t sequence,
		    void (**fn)(void *), void **arg)
{
	struct loop_timer *t = h->count ? h->items[0] : NULL;

	if (!t || t->at_ns > now || t->at_ns == UINT64_MAX ||
	    t->sequence >= sequence)
		return false;
	*fn = t->fn;
	*arg = t->arg;
	loop_heap_remove(t);
	return true;
}

void loop_heap_finish(struct loop_heap *h)
{
	for (size_t i = 0; i < h->count; i++)
		mem_free(h->items[i]);
	mem_free(h->items);
	*h = (struct loop_heap){ .items = NULL };
}
