/* SPDX-License-Identifier: Apache-2.0 */
/* The heap against a plain list that is searched from end to end. */
#include "agentlib/fiber/timers.h"
#include "tests/tap.h"
#include <stdbool.h>

#define COUNT 300

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* The earliest of those that are set, by (deadline, sequence). */
static struct timer *earliest(struct timer *all, const bool *set)
{
	struct timer *best = NULL;

	for (int i = 0; i < COUNT; i++) {
		if (!set[i])
			continue;
		if (!best || all[i].at_ns < best->at_ns ||
		    (all[i].at_ns == best->at_ns &&
		     all[i].sequence < best->sequence))
			best = &all[i];
	}
	return best;
}

static void agrees_with_a_list(void)
{
	static struct timer all[COUNT];
	static bool set[COUNT];
	struct timers t = { 0 };
	uint32_t state = 1;

	for (int step = 0; step < 20000; step++) {
		unsigned i = next_random(&state) % COUNT;

		if (set[i])
			timers_remove(&t, &all[i]);
		else
			timers_add(&t, &all[i], next_random(&state) % 50);
		set[i] = !set[i];
		CHECK_INT(all[i].at != 0, set[i]);
		REQUIRE(timers_first(&t) == earliest(all, set));
	}
	while (timers_first(&t)) {
		struct timer *first = earliest(all, set);

		REQUIRE(timers_first(&t) == first);
		timers_remove(&t, first);
		set[first - all] = false;
	}
	CHECK(earliest(all, set) == NULL);
	timers_remove(&t, &all[0]); /* fine */
	timers_finish(&t);
}

static void equal_deadlines_keep_their_order(void)
{
	struct timer all[20] = { { 0 } };
	struct timers t = { 0 };

	for (int i = 0; i < 20; i++)
		timers_add(&t, &all[i], 5);
	for (int i = 0; i < 20; i++) {
		CHECK(timers_first(&t) == &all[i]);
		timers_remove(&t, &all[i]);
	}
	timers_finish(&t);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(agrees_with_a_list),
		TEST(equal_deadlines_keep_their_order),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
