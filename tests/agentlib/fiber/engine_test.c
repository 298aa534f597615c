/* SPDX-License-Identifier: Apache-2.0 */
/* Driving an engine, from inside, from outside, and to its end. */
#include "executor/base/str.h"
#include "tests/agentlib/fiber/rig.h"
#include <poll.h>
#include <pthread.h>

static struct engine *virtual_engine(void)
{
	struct engine_options o = { .virtual_clock = true };
	struct engine *e = engine_create(&o, NULL);

	REQUIRE(e != NULL);
	return e;
}

/* ---- run ---- */

static int fails(void *arg, struct err *err)
{
	CHECK(fiber_self() != NULL);
	return err_set(err, ERR_CONFLICT, "on purpose");
}

static int nested(void *arg, struct err *err)
{
	struct fiber *self = fiber_self();
	struct err inner;

	CHECK_INT(engine_run(fiber_engine(), "inner", fails, NULL, &inner),
		  -ERR_CONFLICT);
	CHECK(fiber_self() == self);
	CHECK_INT(engine_fibers(fiber_engine()), 1);
	return 7;
}

static void values_and_errors_come_back(void)
{
	struct engine *e = engine_create(NULL, NULL);
	struct err err;

	REQUIRE(e != NULL);
	CHECK_INT(engine_run(e, "fails", fails, NULL, &err), -ERR_CONFLICT);
	CHECK_STR(err.text, "on purpose");
	CHECK_INT(engine_run(e, "nested", nested, NULL, &err), 7);
	CHECK_INT(engine_fibers(e), 0);
	engine_destroy(e);
	engine_destroy(NULL);
}

static void sizes_have_bounds(void)
{
	struct engine_options small = { .stack_size = 100 };
	struct engine_options large = { .stack_size = (size_t)1 << 30 };
	struct err err;

	CHECK(engine_create(&small, &err) == NULL);
	CHECK_INT(err.code, ERR_INVALID);
	CHECK(engine_create(&large, &err) == NULL);
}

/* ---- reentrancy ---- */

struct callback {
	struct engine *engine;
	struct wait *wait;
	int run, step;
};

static void from_callback(void *arg)
{
	struct callback *c = arg;
	struct err err;

	CHECK(fiber_self() == NULL);
	c->run = engine_run(c->engine, "no", fails, NULL, &err);
	c->step = engine_step(c->engine, DEADLINE_NEVER, &err);
	engine_destroy(c->engine); /* does nothing */
	wait_wake(c->wait);
}

static int reentrant_body(void *arg, struct err *err)
{
	struct engine *other = arg;
	struct wait w;
	struct callback c = { fiber_engine(), &w };

	wait_init(&w, "a callback");
	engine_post(fiber_engine(), from_callback, &c);
	CHECK_INT(fiber_wait(&w, DEADLINE_NEVER, err), 0);
	CHECK_INT(c.run, -ERR_REENTRANT);
	CHECK_INT(c.step, -ERR_REENTRANT);
	CHECK_INT(engine_step(fiber_engine(), DEADLINE_NEVER, err),
		  -ERR_REENTRANT);
	CHECK_INT(engine_run(other, "no", fails, NULL, err), -ERR_REENTRANT);
	engine_destroy(fiber_engine()); /* does nothing */
	return 0;
}

static void reentrancy_is_an_error(void)
{
	struct engine *other = virtual_engine();

	CHECK_INT(rig_run(false, reentrant_body, other), 0);
	engine_destroy(other);
}

/* ---- time ---- */

static int clock_body(void *arg, struct err *err)
{
	uint64_t from = rig_now();

	CHECK_INT(fiber_sleep(86400000, err), 0);
	CHECK_INT(rig_now() - from, 86400 * CLOCK_S);
	for (int i = 0; i < 1000; i++)
		fiber_yield();
	CHECK_INT(rig_now() - from, 86400 * CLOCK_S);
	CHECK(rig_in(UINT64_MAX / 2).at_ns == UINT64_MAX);
	return 0;
}

static void virtual_time_jumps(void)
{
	CHECK_INT(rig_run(true, clock_body, NULL), 0);
}

static int real_clock_body(void *arg, struct err *err)
{
	uint64_t from = clock_now_ns();

	CHECK_INT(fiber_sleep(20, err), 0);
	CHECK(clock_now_ns() - from >= 20 * CLOCK_MS);
	return 0;
}

static void real_time_passes(void)
{
	CHECK_INT(rig_run(false, real_clock_body, NULL), 0);
}

/* ---- other threads ---- */

struct posted {
	struct engine *engine;
	struct wait wait;
	int count;
};

static void on_post(void *arg)
{
	struct posted *p = arg;

	if (++p->count == 1000)
		wait_wake(&p->wait);
}

static void *post_many(void *arg)
{
	struct posted *p = arg;

	for (int i = 0; i < 1000; i++)
		engine_post(p->engine, on_post, p);
	return NULL;
}

static int post_body(void *arg, struct err *err)
{
	struct posted p = { .engine = fiber_engine() };
	pthread_t thread;

	wait_init(&p.wait, "posts");
	REQUIRE(pthread_create(&thread, NULL, post_many, &p) == 0);
	CHECK_INT(fiber_wait(&p.wait, DEADLINE_NEVER, err), 0);
	CHECK_INT(p.count, 1000);
	pthread_join(thread, NULL);
	return 0;
}

static void posts_from_a_thread(void)
{
	CHECK_INT(rig_run(false, post_body, NULL), 0);
}

static int count_body(void *arg, struct err *err)
{
	for (int i = 0; i < 1000; i++) {
		++*(int *)arg;
		fiber_yield();
	}
	return 0;
}

static void *own_engine(void *arg)
{
	struct engine *e = virtual_engine();

	CHECK_INT(engine_run(e, "count", count_body, arg, NULL), 0);
	engine_destroy(e);
	return NULL;
}

static void one_engine_per_thread(void)
{
	pthread_t threads[4];
	int counts[4] = { 0 };

	for (int i = 0; i < 4; i++)
		REQUIRE(pthread_create(&threads[i], NULL, own_engine,
				       &counts[i]) == 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		CHECK_INT(counts[i], 1000);
	}
}

/* ---- a program's own loop ---- */

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

struct guest {
	struct wait wait;
	int stage;
};

static void guest(void *arg)
{
	struct guest *g = arg;

	g->stage = 1;
	fiber_yield();
	g->stage = 2;
	fiber_sleep(10, NULL);
	g->stage = 3;
	fiber_wait(&g->wait, DEADLINE_NEVER, NULL);
	g->stage = 4;
}

/* Polls and steps until `stage`, as the program would. */
static void steps_to(struct engine *e, struct guest *g, int stage)
{
	struct deadline now = { 0 };

	while (g->stage < stage) {
		REQUIRE(readable(engine_fd(e), 30000));
		CHECK_INT(engine_step(e, now, NULL), 0);
	}
}

static void driven_by_another_loop(void)
{
	struct engine *e = engine_create(NULL, NULL);
	struct group *g = group_create(e, NULL);
	struct guest guest_state = { .stage = 0 };
	struct deadline now = { 0 };

	wait_init(&guest_state.wait, "the program");
	CHECK(!readable(engine_fd(e), 0));
	rig_spawn(g, "guest", guest, &guest_state);
	steps_to(e, &guest_state, 3);
	/* nothing to do: the descriptor falls silent */
	for (int i = 0; i < 10 && readable(engine_fd(e), 0); i++)
		engine_step(e, now, NULL);
	CHECK(!readable(engine_fd(e), 0));
	wait_wake(&guest_state.wait);
	steps_to(e, &guest_state, 4);
	CHECK_INT(engine_fibers(e), 0);
	group_destroy(g);
	engine_destroy(e);
}

/* ---- the end ---- */

struct last {
	int rc;
	bool tidied;
	char why[64];
	struct engine *engine;
};

static void until_the_end(void *arg)
{
	struct last *l = arg;
	struct scope *shield;
	struct err err;

	l->rc = fiber_sleep(3600000, &err);
	str_copy(l->why, sizeof(l->why), err.text);
	shield = scope_shield(fiber_engine(), 5000);
	fiber_enter(shield);
	CHECK_INT(fiber_sleep(1000, NULL), 0);
	fiber_leave(shield);
	scope_unref(shield);
	l->tidied = true;
}

static void start_late(void *arg)
{
	struct last *l = arg;
	struct group *g = group_create(l->engine, NULL);

	rig_spawn(g, "late", until_the_end, l);
	group_destroy(g);
}

static void destroy_cancels_and_waits(void)
{
	struct engine *e = virtual_engine();
	struct group *g = group_create(e, NULL);
	struct last l = { 0 }, late = { .engine = e };

	rig_spawn(g, "last", until_the_end, &l);
	CHECK_INT(engine_step(e, engine_in_ms(e, 10), NULL), 0);
	CHECK_INT(engine_fibers(e), 1);
	group_destroy(g);
	/* runs even now, and what it starts ends too */
	engine_post(e, start_late, &late);
	engine_destroy(e);
	CHECK_INT(l.rc, -ERR_CANCELLED);
	CHECK(l.tidied);
	CHECK_INT(late.rc, -ERR_CANCELLED);
	CHECK_STR(late.why, "the engine ends");
	CHECK(late.tidied);
}

/* ---- dump ---- */

static void wait_for_rain(void *arg)
{
	struct wait w;

	wait_init(&w, "rain");
	fiber_wait(&w, DEADLINE_NEVER, NULL);
}

static void doze(void *arg)
{
	fiber_sleep(3600000, NULL);
}

static int dump_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct buf out;

	buf_init(&out, 4096);
	rig_spawn(g, "farmer", wait_for_rain, NULL);
	fiber_sleep(1500, err);
	rig_spawn(g, "a name that is longer than thirty-one bytes", doze, NULL);
	fiber_sleep(250, err);
	rig_spawn(g, NULL, doze, NULL);
	engine_dump(fiber_engine(), &out);
	CHECK_STR(
		out.data,
		"test                            running                         0 ms\n"
		"farmer                          rain                            1750 ms\n"
		"a name that is longer than thir sleep                           250 ms\n"
		"                                ready                           0 ms\n");
	scope_cancel(group_scope(g), "enough");
	CHECK_INT(group_wait(g, err), 0);
	group_destroy(g);
	buf_finish(&out);
	return 0;
}

static void dump_names_every_fiber(void)
{
	CHECK_INT(rig_run(true, dump_body, NULL), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(values_and_errors_come_back),
		TEST(sizes_have_bounds),
		TEST(reentrancy_is_an_error),
		TEST(virtual_time_jumps),
		TEST(real_time_passes),
		TEST(posts_from_a_thread),
		TEST(one_engine_per_thread),
		TEST(driven_by_another_loop),
		TEST(destroy_cancels_and_waits),
		TEST(dump_names_every_fiber),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
