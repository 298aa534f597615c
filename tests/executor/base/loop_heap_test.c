/* SPDX-License-Identifier: Apache-2.0 */
/* The heap of timers against a plain list, by random steps. */
#include "executor/base/loop_heap.h"

#include "tests/tap.h"

#include <stdlib.h>

static void never(void *arg)
{
}

static void same_instant_keeps_its_order(void)
{
	struct loop_heap h = { 0 };
	void (*fn)(void *);
	char order[50];
	void *arg;

	for (int i = 0; i < 50; i++)
		loop_heap_add(&h, (struct deadline){ 7 }, never, order + i);
	for (int i = 0; i < 50; i++) {
		REQUIRE(loop_heap_take(&h, 7, UINT64_MAX, &fn, &arg));
		CHECK(arg == order + i);
	}
	CHECK(!loop_heap_take(&h, 7, UINT64_MAX, &fn, &arg));
	loop_heap_finish(&h);
}

static void takes_only_what_is_due_and_older(void)
{
	struct loop_heap h = { 0 };
	void (*fn)(void *);
	uint64_t now;
	void *arg;

	loop_heap_add(&h, (struct deadline){ 10 }, never, NULL);
	loop_heap_add(&h, DEADLINE_NEVER, never, NULL);
	CHECK(loop_heap_next(&h).at_ns == 10);
	CHECK(!loop_heap_take(&h, 9, UINT64_MAX, &fn, &arg));
	now = h.sequence;
	loop_heap_add(&h, (struct deadline){ 5 }, never, &h);
	CHECK(!loop_heap_take(&h, 10, now, &fn, &arg));
	CHECK(loop_heap_take(&h, 10, h.sequence, &fn, &arg) && arg == &h);
	CHECK(loop_heap_take(&h, 10, now, &fn, &arg) && arg == NULL);
	CHECK(!loop_heap_take(&h, UINT64_MAX, h.sequence, &fn, &arg));
	CHECK(loop_heap_next(&h).at_ns == UINT64_MAX);
	loop_heap_finish(&h);
}

enum { MANY = 2000 };

struct entry {
	struct loop_timer *timer; /* NULL: not in the heap */
	uint64_t at, sequence;
};

/* The entry that must come first: a search through all. */
static struct entry *earliest(struct entry *all)
{
	struct entry *best = NULL;

	for (size_t i = 0; i < MANY; i++) {
		struct entry *e = &all[i];

		if (!e->timer)
			continue;
		if (!best || e->at < best->at ||
		    (e->at == best->at && e->sequence < best->sequence))
			best = e;
	}
	return best;
}

static void random_steps_agree_with_a_list(void)
{
	static struct entry all[MANY];
	struct loop_heap h = { 0 };
	void (*fn)(void *);
	struct entry *want;
	void *arg;

	srandom(1);
	for (int step = 0; step < 20000; step++) {
		struct entry *e = &all[random() % MANY];

		if (random() % 4 == 0) {
			want = earliest(all);
			CHECK(loop_heap_next(&h).at_ns ==
			      (want ? want->at : UINT64_MAX));
		}
		if (e->timer) {
			loop_heap_remove(e->timer);
			e->timer = NULL;
			continue;
		}
		e->at = (uint64_t)random() % 100;
		e->sequence = h.sequence;
		e->timer = loop_heap_add(&h, (struct deadline){ e->at }, never,
					 e);
	}
	while ((want = earliest(all))) {
		REQUIRE(loop_heap_take(&h, 100, UINT64_MAX, &fn, &arg));
		REQUIRE(arg == want);
		want->timer = NULL;
	}
	CHECK_INT(h.count, 0);
	loop_heap_finish(&h);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(same_instant_keeps_its_order),
		TEST(takes_only_what_is_due_and_older),
		TEST(random_steps_agree_with_a_list),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
