/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seeded random schedules of requests, publications, cancels, errors, deadlines,
 * stops: every request comes back, no handler overlaps another of its agent, no
 * fiber and no message is left. COOP_TEST_SEED=N runs that seed only.
 */
#include "tests/agentlib/core/runtime_rig.h"
#include <stdlib.h>

#define SEEDS 150
#define SENDERS 25

struct dice {
	uint64_t state;
};

static unsigned roll(struct dice *d, unsigned below)
{
	d->state = d->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(d->state >> 33) % below;
}

/* Words for one message, with requests and publications inside. */
static void words(struct dice *d, struct buf *b, unsigned depth)
{
	static const char agents[] = "abcdo";
	unsigned n = 1 + roll(d, 3);

	if (roll(d, 4) == 0)
		buf_printf(b, "c%u ", roll(d, 20));
	while (n-- > 0) {
		unsigned what = roll(d, 10);

		if (what < 3)
			buf_printf(b, "s%u ", roll(d, 10));
		else if (what == 3 && roll(d, 3) == 0)
			buf_printf(b, "f%u ", 1 + roll(d, 10));
		else if (what < 8 && depth < 4) {
			buf_printf(b, ">%c/%u(", agents[roll(d, 5)],
				   roll(d, 2));
			words(d, b, depth + 1);
			buf_puts(b, ") ");
		} else if (depth < 3) {
			buf_printf(b, "@news/%u(", roll(d, 2));
			words(d, b, depth + 2);
			buf_puts(b, ") ");
		}
	}
}

struct sender {
	struct runtime_rig *rig;
	struct dice dice;
	unsigned asked, returned;
};

static void one_message(struct sender *s)
{
	char to[8] = { "abcdo"[roll(&s->dice, 5)], '/',
		       (char)('0' + roll(&s->dice, 2)) };
	struct scope *own = NULL;
	struct buf b;

	buf_init(&b, 1 << 20);
	words(&s->dice, &b, 0);
	if (roll(&s->dice, 3) == 0) {
		own = scope_create(s->rig->engine, fiber_scope(),
				   engine_in_ms(s->rig->engine,
						roll(&s->dice, 30)));
		fiber_enter(own);
	}
	if (roll(&s->dice, 3) == 0) {
		runtime_rig_publish(s->rig, "news/0", b.data);
	} else {
		s->asked++;
		runtime_rig_ask(s->rig, to, b.data);
		s->returned++;
	}
	if (own)
		fiber_leave(own);
	scope_unref(own);
	buf_finish(&b);
}

static void sender(void *arg)
{
	struct sender *s = arg;
	unsigned n = 1 + roll(&s->dice, 4);

	while (n-- > 0) {
		if (fiber_sleep(roll(&s->dice, 20), NULL) < 0)
			return;
		one_message(s);
	}
}

static void disturb(struct runtime_rig *r, struct dice *d, struct group **g)
{
	for (int i = 0; i < 20; i++) {
		fiber_sleep(roll(d, 8), NULL);
		if (roll(d, 4) == 0)
			scope_cancel(group_scope(g[roll(d, SENDERS)]), "dice");
		else if (roll(d, 8) == 0)
			CHECK_INT(runtime_stop(r->rt, NULL), 0);
		else if (roll(d, 12) == 0)
			CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
		else
			continue;
		runtime_start(r->rt, NULL);
	}
}

static uint64_t random_seed;

static void random_body(struct runtime_rig *r)
{
	struct dice d = { random_seed };
	struct group *g[SENDERS];
	struct sender s[SENDERS];

	runtime_rig_listen(r, "news", "a");
	runtime_rig_listen(r, "news", "b");
	runtime_rig_listen(r, "news", "o");
	for (int i = 0; i < SENDERS; i++) {
		s[i] = (struct sender){ r, { d.state + (uint64_t)i * 977 } };
		g[i] = group_create(r->engine, NULL);
		REQUIRE(fiber_spawn(g[i], "sender", sender, &s[i], NULL) == 0);
	}
	disturb(r, &d, g);
	for (int i = 0; i < SENDERS; i++) {
		/* a wait without an end here is the failure */
		group_wait(g[i], NULL);
		CHECK_INT(s[i].returned, s[i].asked);
		group_destroy(g[i]);
	}
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
	CHECK_INT(runtime_pending(r->rt), 0);
	CHECK_INT(r->running, 0);
	CHECK_INT(r->overlaps, 0);
	/* every agent can still be entered */
	CHECK_INT(runtime_start(r->rt, NULL), 0);
	for (const char *t = "abcdo"; *t; t++) {
		char to[] = { *t, '/', '0', '\0' };

		CHECK_INT(runtime_rig_ask(r, to, "s1"), 0);
	}
	if (roll(&d, 2))
		runtime_rig_publish(r, "news/0", "s1000 >b/0(=never)");
}

static void random_schedules_lose_nothing(void)
{
	const char *one = getenv("COOP_TEST_SEED");
	uint64_t from = one ? strtoull(one, NULL, 10) : 1;
	uint64_t to = one ? from + 1 : SEEDS + 1;

	for (uint64_t seed = from; seed < to; seed++) {
		random_seed = seed;
		tap_note("seed %llu", (unsigned long long)seed);
		runtime_rig_run(NULL, random_body);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST_SLOW(random_schedules_lose_nothing, 120),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
