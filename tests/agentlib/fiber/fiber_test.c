/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting, waking, order, sleeping, and what a switch must keep. */
#include "tests/agentlib/fiber/rig.h"
#include <string.h>

/* ---- order ---- */

struct walker {
	struct buf *trace;
	const char *name;
	int steps;
};

static void walk(void *arg)
{
	struct walker *w = arg;

	for (int i = 1; i <= w->steps; i++) {
		buf_printf(w->trace, "%s%d ", w->name, i);
		fiber_yield();
	}
}

static int first_in_first_out_body(void *arg, struct err *err)
{
	struct buf trace;
	struct walker a = { &trace, "a", 3 }, b = { &trace, "b", 1 },
		      c = { &trace, "c", 2 };
	struct group *g = rig_group();

	buf_init(&trace, 4096);
	rig_spawn(g, "a", walk, &a);
	rig_spawn(g, "b", walk, &b);
	rig_spawn(g, "c", walk, &c);
	buf_puts(&trace, "spawned ");
	CHECK_INT(group_wait(g, err), 0);
	CHECK_STR(trace.data, "spawned a1 b1 c1 a2 c2 a3 ");
	group_destroy(g);
	buf_finish(&trace);
	return 0;
}

static void first_in_first_out(void)
{
	CHECK_INT(rig_run(true, first_in_first_out_body, NULL), 0);
}

struct sleeper {
	struct buf *trace;
	const char *name;
	unsigned ms;
};

static void sleep_and_tell(void *arg)
{
	struct sleeper *s = arg;
	uint64_t from = rig_now();

	CHECK_INT(fiber_sleep(s->ms, NULL), 0);
	buf_printf(s->trace, "%s%llu ", s->name,
		   (unsigned long long)rig_ms(from));
}

static int timers_order_body(void *arg, struct err *err)
{
	struct buf trace;
	struct sleeper rows[] = {
		{ &trace, "a", 30 }, { &trace, "b", 10 },
		{ &trace, "c", 30 }, { &trace, "d", 20 },
		{ &trace, "e", 10 }, { &trace, "f", 3600000 },
	};
	struct group *g = rig_group();

	buf_init(&trace, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		rig_spawn(g, rows[i].name, sleep_and_tell, &rows[i]);
	CHECK_INT(group_wait(g, err), 0);
	CHECK_STR(trace.data, "b10 e10 d20 a30 c30 f3600000 ");
	group_destroy(g);
	buf_finish(&trace);
	return 0;
}

static void timers_by_deadline_then_sequence(void)
{
	CHECK_INT(rig_run(true, timers_order_body, NULL), 0);
}

/* ---- waking ---- */

static int early_wake_body(void *arg, struct err *err)
{
	struct wait w;

	wait_init(&w, "an early wake");
	wait_wake(&w);
	wait_wake(&w);
	CHECK_INT(fiber_wait(&w, DEADLINE_NEVER, err), 0);
	CHECK(!w.done);
	CHECK(w.waiter == NULL);
	/* both wakes were one */
	CHECK_INT(fiber_wait(&w, rig_in(5), err), -ERR_DEADLINE);
	CHECK(strstr(err->text, "an early wake") != NULL);
	wait_wake(&w);
	/* a done wait wins over a passed deadline */
	CHECK_INT(fiber_wait(&w, (struct deadline){ 0 }, err), 0);
	CHECK_INT(fiber_wait(&w, (struct deadline){ 0 }, err), -ERR_DEADLINE);
	return 0;
}

static void early_and_repeated_wakes(void)
{
	CHECK_INT(rig_run(true, early_wake_body, NULL), 0);
}

struct pair {
	struct wait wait;
	struct buf trace;
	int rc;
};

static void wait_in_pair(void *arg)
{
	struct pair *p = arg;

	p->rc = fiber_wait(&p->wait, DEADLINE_NEVER, NULL);
	buf_puts(&p->trace, "woken ");
}

static int wake_body(void *arg, struct err *err)
{
	struct pair p = { .rc = 1 };
	struct group *g = rig_group();

	buf_init(&p.trace, 4096);
	wait_init(&p.wait, "a pair");
	rig_spawn(g, "waiter", wait_in_pair, &p);
	fiber_yield();
	CHECK(p.wait.waiter != NULL);
	CHECK_INT(fiber_wait(&p.wait, DEADLINE_NEVER, err), -ERR_BUSY);
	wait_wake(&p.wait);
	wait_wake(&p.wait);
	buf_puts(&p.trace, "after-wake ");
	CHECK_INT(group_wait(g, err), 0);
	CHECK_INT(p.rc, 0);
	CHECK_STR(p.trace.data, "after-wake woken ");
	group_destroy(g);
	buf_finish(&p.trace);
	return 0;
}

static void nobody_runs_inside_a_wake(void)
{
	CHECK_INT(rig_run(true, wake_body, NULL), 0);
}

static void wake_at(void *arg)
{
	struct pair *p = arg;

	fiber_sleep(10, NULL);
	wait_wake(&p->wait);
}

/* The timer and the wake come in one pass: what has happened counts. */
static int tie_body(void *arg, struct err *err)
{
	struct pair p = { .rc = 1 };
	struct group *g = rig_group();

	wait_init(&p.wait, "a tie");
	rig_spawn(g, "waker", wake_at, &p);
	fiber_yield();
	CHECK_INT(fiber_wait(&p.wait, rig_in(10), err), 0);
	CHECK_INT(group_wait(g, err), 0);
	group_destroy(g);
	return 0;
}

static void done_wins_over_its_deadline(void)
{
	CHECK_INT(rig_run(true, tie_body, NULL), 0);
}

static void outside_of_fibers(void)
{
	struct err err;
	struct wait w;

	wait_init(&w, "nothing");
	CHECK_INT(fiber_wait(&w, DEADLINE_NEVER, &err), -ERR_REENTRANT);
	CHECK_INT(fiber_await(&w, &err), -ERR_REENTRANT);
	CHECK_INT(fiber_sleep(1, &err), -ERR_REENTRANT);
	CHECK_INT(fiber_check(&err), 0);
	CHECK(fiber_self() == NULL);
	CHECK(fiber_engine() == NULL);
	CHECK(fiber_scope() == NULL);
	fiber_yield();
	fiber_leave(NULL);
}

/* ---- what a switch keeps ---- */

#ifdef __x86_64__
#define ROUND_UP 0x4000u
static void set_rounding(unsigned mode)
{
	__builtin_ia32_ldmxcsr((__builtin_ia32_stmxcsr() & ~0x6000u) | mode);
}

static unsigned rounding(void)
{
	return __builtin_ia32_stmxcsr() & 0x6000u;
}
#else
/* Not kept elsewhere: switch_aarch64.S says why. */
#define ROUND_UP 0
static void set_rounding(unsigned mode)
{
}

static unsigned rounding(void)
{
	return 0;
}
#endif

static void __attribute__((noinline)) disturb(void *arg)
{
	volatile double d[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	CHECK_INT(rounding(), 0);
	set_rounding(ROUND_UP);
	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < 8; k++)
			d[k] = d[k] * 1.5 + i;
		fiber_yield();
		CHECK_INT(rounding(), ROUND_UP);
	}
}

static int __attribute__((noinline)) many_locals(int seed)
{
	int a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11,
	    f = seed * 13, g = seed * 17, h = seed * 19;
	double x = seed * 0.5, y = seed * 0.25;

	for (int i = 0; i < 50; i++) {
		fiber_yield();
		a += b, b += c, c += d, d += e, e += f, f += g, g += h, h += a;
		a &= 0xffff, b &= 0xffff, c &= 0xffff, d &= 0xffff;
		e &= 0xffff, f &= 0xffff, g &= 0xffff, h &= 0xffff;
		x = x * 0.5 + a, y = y * 0.5 + b;
	}
	return a + b + c + d + e + f + g + h + (int)x + (int)y;
}

static int registers_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	int alone = many_locals(7);

	rig_spawn(g, "disturb", disturb, NULL);
	rig_spawn(g, "disturb", disturb, NULL);
	CHECK_INT(many_locals(7), alone);
	CHECK_INT(rounding(), 0);
	CHECK_INT(group_wait(g, err), 0);
	group_destroy(g);
	return 0;
}

static void registers_and_rounding_survive(void)
{
	CHECK_INT(rig_run(true, registers_body, NULL), 0);
}

static void aligned(void *arg)
{
	char __attribute__((aligned(16))) local[32];
	uintptr_t at;

	/* the compiler must not conclude it from the attribute */
	__asm__ volatile("" : "=r"(at) : "0"(local) : "memory");
	CHECK_INT(at % 16, 0);
}

static int alignment_body(void *arg, struct err *err)
{
	struct group *g = rig_group();

	rig_spawn(g, "aligned", aligned, NULL);
	CHECK_INT(group_wait(g, err), 0);
	group_destroy(g);
	return 0;
}

static void stacks_are_aligned(void)
{
	CHECK_INT(rig_run(true, alignment_body, NULL), 0);
}

/* ---- many ---- */

#define MANY 10000

struct crowd {
	struct wait waits[MANY];
	unsigned parked, ended;
	unsigned next;
};

static void stand(void *arg)
{
	struct crowd *c = arg;
	unsigned me = c->next++;

	wait_init(&c->waits[me], "the crowd");
	c->parked++;
	CHECK_INT(fiber_wait(&c->waits[me], DEADLINE_NEVER, NULL), 0);
	CHECK_INT(me, c->ended);
	c->ended++;
}

static int crowd_body(void *arg, struct err *err)
{
	struct crowd *c = arg;
	struct group *g = rig_group();

	for (int i = 0; i < MANY; i++)
		rig_spawn(g, "one of many", stand, c);
	fiber_yield();
	CHECK_INT(c->parked, MANY);
	CHECK_INT(engine_fibers(fiber_engine()), MANY + 1);
	for (int i = 0; i < MANY; i++)
		wait_wake(&c->waits[i]);
	CHECK_INT(group_wait(g, err), 0);
	CHECK_INT(c->ended, MANY);
	group_destroy(g);
	return 0;
}

static void ten_thousand(void)
{
	static struct crowd crowd;

	CHECK_INT(rig_run(false, crowd_body, &crowd), 0);
}

static void park(void *arg)
{
	fiber_sleep(1000, NULL);
}

static int limit_body(void *arg, struct err *err)
{
	struct group *g = rig_group();

	rig_spawn(g, "two", park, NULL);
	rig_spawn(g, "three", park, NULL);
	CHECK_INT(fiber_spawn(g, "four", park, NULL, err), -ERR_TOO_LARGE);
	CHECK(strstr(err->text, "3 fibers") != NULL);
	CHECK_INT(group_wait(g, err), 0);
	rig_spawn(g, "two again", park, NULL);
	CHECK_INT(group_wait(g, err), 0);
	group_destroy(g);
	return 0;
}

static void one_fiber_too_many(void)
{
	struct engine_options o = { .virtual_clock = true, .fibers_max = 3 };
	struct engine *e = engine_create(&o, NULL);
	struct err err;

	CHECK_INT(engine_run(e, "one", limit_body, NULL, &err), 0);
	engine_destroy(e);
}

/* ---- scopes in force ---- */

static int scopes_body(void *arg, struct err *err)
{
	struct engine *e = fiber_engine();
	struct scope *own = fiber_scope();
	struct scope *a = scope_create(e, own, DEADLINE_NEVER);
	struct scope *b = scope_create(e, a, DEADLINE_NEVER);
	int i;

	fiber_enter(a);
	fiber_enter(b);
	scope_unref(b); /* the fiber has its own reference */
	CHECK(fiber_scope() == b);
	fiber_leave(b);
	CHECK(fiber_scope() == a);
	/* deeper than its first room, and left all at once */
	for (i = 0; i < 20; i++) {
		struct scope *s = scope_create(e, fiber_scope(),
					       DEADLINE_NEVER);

		fiber_enter(s);
		scope_unref(s);
	}
	fiber_leave(a);
	CHECK(fiber_scope() == own);
	/* left by the end of the fiber */
	fiber_enter(a);
	scope_unref(a);
	return 0;
}

static void scopes_nest(void)
{
	CHECK_INT(rig_run(true, scopes_body, NULL), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(first_in_first_out),
		TEST(timers_by_deadline_then_sequence),
		TEST(early_and_repeated_wakes),
		TEST(nobody_runs_inside_a_wake),
		TEST(done_wins_over_its_deadline),
		TEST(outside_of_fibers),
		TEST(registers_and_rounding_survive),
		TEST(stacks_are_aligned),
		TEST(ten_thousand),
		TEST(one_fiber_too_many),
		TEST(scopes_nest),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
