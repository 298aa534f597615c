/* SPDX-License-Identifier: Apache-2.0 */
/* Cancel, deadline and stop at every place where a message can be. */
#include "tests/agentlib/core/runtime_rig.h"
#include <string.h>

/* A request that is cancelled `ms` after it was sent; its error. */
static int ask_and_cancel(struct runtime_rig *r, const char *what, unsigned ms)
{
	struct group *g = group_create(r->engine, NULL);
	int rc = 1;

	runtime_rig_ask_later(r, g, what, &rc);
	fiber_sleep(ms, NULL);
	scope_cancel(group_scope(g), "enough");
	group_wait(g, NULL);
	group_destroy(g);
	return rc;
}

/* Where the request is when its sender is cancelled, and what the trace says
 * then and a while later. */
static const struct cancel_case {
	const char *name, *words;
	unsigned ms;
	int rc;
	const char *trace;
} cancel_cases[] = {
	{ "sent, not begun", "a/x =in", 0, -ERR_CANCELLED, "" },
	{ "in the handler's own wait", "a/x =in s20 =out", 5, -ERR_CANCELLED,
	  "in " },
	{ "in a request of the handler", "a/x =in >b/x(=deep s20 =out)", 5,
	  -ERR_CANCELLED, "in deep " },
	{ "three calls down", "a/x >b/x(>c/x(>d/x(=deep s20 =out)))", 5,
	  -ERR_CANCELLED, "deep " },
	{ "back in the first agent", "a/x >b/x(>a/x(=back s20 =out))", 5,
	  -ERR_CANCELLED, "back " },
	{ "back there, which cleans up", "a/x c1 >b/x(>a/x(c9 =back s20))", 5,
	  -ERR_CANCELLED, "back " },
	{ "in the cleanup of the callee", "a/x >b/x(c50 =in s20 =out)", 5,
	  -ERR_CANCELLED, "in " },
	{ "behind another at its agent", "busy/x =in", 5, -ERR_CANCELLED, "" },
	{ "its callee behind another", "a/x =in >busy/x(=never)", 5,
	  -ERR_CANCELLED, "in " },
	{ "in an overlapping agent", "o/x =in s20 =out", 5, -ERR_CANCELLED,
	  "in " },
	{ "in a control message", "a/x !b/x(=in s20 =out)", 5, -ERR_CANCELLED,
	  "in " },
	{ "after the answer", "a/x =in s1", 5, 0, "in " },
};

static void cancel_body(struct runtime_rig *r)
{
	struct agent_type busy = { "busy", &runtime_actor_class, r, false };

	REQUIRE(runtime_register(r->rt, &busy, NULL) == 0);
	for (size_t i = 0; i < ARRAY_LEN(cancel_cases); i++) {
		const struct cancel_case *c = &cancel_cases[i];

		tap_note("%s", c->name);
		runtime_rig_publish(r, "busy:x/x", "s100");
		buf_clear(&r->trace);
		CHECK_INT(ask_and_cancel(r, c->words, c->ms), c->rc);
		fiber_sleep(200, NULL);
		CHECK_STR(r->trace.data, c->trace);
		CHECK_INT(runtime_pending(r->rt), 0);
		CHECK_INT(r->running, 0);
		/* nobody is left holding an agent */
		CHECK_INT(runtime_rig_ask(r, "a/x", "s1"), 0);
		CHECK_INT(runtime_rig_ask(r, "busy/x", "s1"), 0);
	}
}

static void cancel_reaches_the_callee(void)
{
	runtime_rig_run(NULL, cancel_body);
}

static void stop_body(struct runtime_rig *r)
{
	for (size_t i = 0; i < ARRAY_LEN(cancel_cases); i++) {
		const struct cancel_case *c = &cancel_cases[i];
		struct group *g;
		int rc = 1;

		if (strncmp(c->words, "busy", 4) == 0 ||
		    strstr(c->words, ">busy"))
			continue;
		tap_note("%s", c->name);
		g = group_create(r->engine, NULL);
		buf_clear(&r->trace);
		runtime_rig_ask_later(r, g, c->words, &rc);
		if (c->ms)
			fiber_sleep(c->ms, NULL);
		else
			fiber_yield();
		CHECK_INT(runtime_stop(r->rt, NULL), 0);
		CHECK_INT(r->running, 0);
		CHECK_INT(runtime_pending(r->rt), 0);
		CHECK_INT(group_wait(g, NULL), 0);
		CHECK_INT(rc, c->rc);
		CHECK_STR(r->trace.data, c->trace);
		group_destroy(g);
		CHECK_INT(runtime_start(r->rt, NULL), 0);
		CHECK_INT(runtime_rig_ask(r, "a/x", "s1"), 0);
	}
}

static void stop_ends_what_runs(void)
{
	runtime_rig_run(NULL, stop_body);
}

static void deadline_body(struct runtime_rig *r)
{
	struct scope *s = scope_create(r->engine, fiber_scope(),
				       engine_in_ms(r->engine, 10));

	fiber_enter(s);
	CHECK_INT(runtime_rig_ask(r, "a/x", ">b/x(s1000 =never)"),
		  -ERR_DEADLINE);
	CHECK_INT(runtime_rig_ask(r, "a/x", "=never"), -ERR_DEADLINE);
	CHECK_INT(runtime_rig_publish(r, "a:x/x", "=never"), -ERR_DEADLINE);
	fiber_leave(s);
	scope_unref(s);
	fiber_sleep(1, NULL);
	CHECK_INT(r->running, 0);
	CHECK_STR(r->trace.data, "");
}

static void deadlines_reach_the_callee(void)
{
	runtime_rig_run(NULL, deadline_body);
}

/* ---- a handler that ends its own runtime ---- */

static int stop_handle(void *state, const struct turn *t, struct payload *p,
		       struct payload **answer, struct err *err)
{
	CHECK_INT(runtime_stop_when_idle(t->runtime, NULL), -ERR_REENTRANT);
	CHECK_INT(runtime_close(t->runtime, NULL), -ERR_REENTRANT);
	CHECK_INT(runtime_stop(t->runtime, NULL), 0);
	CHECK_INT(fiber_sleep(1000, err), -ERR_CANCELLED);
	return 0;
}

static const struct agent_class stop_class = { .handle = stop_handle };

static void own_stop_body(struct runtime_rig *r)
{
	struct agent_type t = { "stopper", &stop_class, NULL, false };

	REQUIRE(runtime_register(r->rt, &t, NULL) == 0);
	runtime_rig_publish(r, "a:x/x", "=run s1000 =never");
	CHECK_INT(runtime_rig_ask(r, "stopper/x", ""), 0);
	fiber_sleep(1, NULL);
	CHECK_STR(r->trace.data, "run ");
	CHECK_INT(runtime_start(r->rt, NULL), 0);
	CHECK_INT(runtime_rig_publish(r, "stopper:x/x", ""), 0);
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
	CHECK_INT(runtime_start(r->rt, NULL), 0);
}

static void a_handler_may_stop_its_runtime(void)
{
	runtime_rig_run(NULL, own_stop_body);
}

static void idle_wait(void *arg)
{
	struct runtime_rig *r = arg;

	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), -ERR_CANCELLED);
}

static void wait_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);

	runtime_rig_publish(r, "a:x/x", "s100 =end");
	REQUIRE(fiber_spawn(g, "idle", idle_wait, r, NULL) == 0);
	fiber_sleep(1, NULL);
	scope_cancel(group_scope(g), "enough");
	group_wait(g, NULL);
	group_destroy(g);
	/* the runtime goes on */
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
	CHECK_STR(r->trace.data, "end ");
}

static void waiting_for_idle_is_cancelled(void)
{
	runtime_rig_run(NULL, wait_body);
}

/* ---- no fiber to be had ---- */

static int few_body(void *arg, struct err *err)
{
	struct runtime_rig *r = arg;
	struct agent_type t = { "o", &runtime_loose_class, r, false };
	struct group *g;
	int rc[12], ok = 0;

	r->engine = fiber_engine();
	r->rt = runtime_create(r->engine, NULL);
	REQUIRE(runtime_register(r->rt, &t, err) == 0);
	REQUIRE(runtime_start(r->rt, err) == 0);
	g = group_create(r->engine, NULL);
	for (int i = 0; i < 12; i++)
		runtime_rig_ask_later(r, g, "o/x s10 >o/y(s10)", &rc[i]);
	CHECK_INT(group_wait(g, err), 0);
	for (int i = 0; i < 12; i++) {
		CHECK(rc[i] == 0 || rc[i] == -ERR_TOO_LARGE);
		ok += rc[i] == 0;
	}
	tap_note("%d of 12 were answered", ok);
	/* publications wait for a fiber instead */
	for (int i = 0; i < 50; i++)
		CHECK_INT(runtime_rig_publish(r, "o:x/x", "s1 =p"), 0);
	CHECK_INT(runtime_stop_when_idle(r->rt, err), 0);
	CHECK_INT(r->trace.len, 100);
	group_destroy(g);
	runtime_destroy(r->rt);
	return 0;
}

static void too_few_fibers_are_an_error(void)
{
	struct engine_options eo = { .virtual_clock = true, .fibers_max = 20 };
	struct runtime_rig r = { 0 };
	struct err err = { 0 };
	struct engine *e = engine_create(&eo, &err);

	REQUIRE(e != NULL);
	buf_init(&r.trace, 4096);
	CHECK_INT(engine_run(e, "test", few_body, &r, &err), 0);
	engine_destroy(e);
	CHECK_INT(r.made, r.destroyed);
	buf_finish(&r.trace);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(cancel_reaches_the_callee),
		TEST(stop_ends_what_runs),
		TEST(deadlines_reach_the_callee),
		TEST(a_handler_may_stop_its_runtime),
		TEST(waiting_for_idle_is_cancelled),
		TEST(too_few_fibers_are_an_error),
		{ 0 }
	};

	return tap_main(tests, argc, argv);
}
