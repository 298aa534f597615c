/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of calls: in order, from any thread, none lost, none twice. */
#include "executor/base/loop_calls.h"

#include "tests/tap.h"

#include <poll.h>

enum { THREADS = 4, EACH = 5000 };

static bool readable(const struct loop_calls *q, int ms)
{
	struct pollfd p = { .fd = q->wake, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

struct step {
	struct loop_calls *queue;
	int calls;
};

static void add_itself(void *arg)
{
	struct step *s = arg;

	s->calls++;
	loop_calls_add(s->queue, add_itself, s);
}

static void what_calls_add_is_left(void)
{
	struct loop_calls q;
	struct step s = { .queue = &q };

	REQUIRE(loop_calls_init(&q, NULL) == 0);
	CHECK(!readable(&q, 0));
	CHECK(!loop_calls_run(&q));
	loop_calls_add(&q, add_itself, &s);
	loop_calls_add(&q, add_itself, &s);
	CHECK(readable(&q, 0));
	CHECK(loop_calls_run(&q));
	CHECK_INT(s.calls, 2);
	CHECK(readable(&q, 0));
	CHECK_INT(q.count, 2);
	loop_calls_finish(&q);
}

/* What one thread has added; its calls must come in its order. */
struct adder {
	struct loop_calls *queue;
	pthread_t thread;
	int next; /* of the loop's thread: the item that must come now */
	bool in_order;
};

struct item {
	struct adder *adder;
	int number;
};

static void take(void *arg)
{
	struct item *item = arg;
	struct adder *a = item->adder;

	a->in_order &= item->number == a->next;
	a->next++;
}

static struct item items[THREADS][EACH];

static void *add_many(void *arg)
{
	struct item *mine = arg;

	for (int i = 0; i < EACH; i++)
		loop_calls_add(mine[i].adder->queue, take, &mine[i]);
	return NULL;
}

static void many_threads_lose_nothing(void)
{
	static struct adder adders[THREADS];
	struct loop_calls q;
	int done = 0;

	REQUIRE(loop_calls_init(&q, NULL) == 0);
	for (int t = 0; t < THREADS; t++) {
		adders[t].queue = &q;
		adders[t].in_order = true;
		for (int i = 0; i < EACH; i++)
			items[t][i] = (struct item){ &adders[t], i };
		REQUIRE(!pthread_create(&adders[t].thread, NULL, add_many,
					items[t]));
	}
	while (done < THREADS * EACH) {
		/* a lost wake-up would end here */
		REQUIRE(readable(&q, 30000));
		loop_calls_run(&q);
		done = 0;
		for (int t = 0; t < THREADS; t++)
			done += adders[t].next;
	}
	CHECK(!readable(&q, 0));
	for (int t = 0; t < THREADS; t++) {
		pthread_join(adders[t].thread, NULL);
		CHECK(adders[t].in_order);
	}
	loop_calls_finish(&q);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(what_calls_add_is_left),
		TEST(many_threads_lose_nothing),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
