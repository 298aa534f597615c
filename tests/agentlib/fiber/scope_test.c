/* SPDX-License-Identifier: Apache-2.0 */
/* Cancel, deadlines and shields, seen from each kind of wait. */
#include "agentlib/fiber/call.h"
#include "agentlib/fiber/offload.h"
#include "executor/base/mem.h"
#include "tests/agentlib/fiber/rig.h"
#include <string.h>

/* ---- every kind of wait ends by a cancel ---- */

static int by_wait(struct err *err)
{
	struct wait w;

	wait_init(&w, "a wait");
	return fiber_wait(&w, DEADLINE_NEVER, err);
}

static int by_wait_with_deadline(struct err *err)
{
	struct wait w;

	wait_init(&w, "a wait");
	return fiber_wait(&w, rig_in(60000), err);
}

static int by_sleep(struct err *err)
{
	return fiber_sleep(60000, err);
}

static int by_call(struct err *err)
{
	struct call *c = call_create("a reply", NULL);
	void *value = NULL;
	int rc = call_wait(c, DEADLINE_NEVER, &value, err);

	CHECK(call_abandoned(c));
	call_reply(c, NULL);
	return rc;
}

static void sleep_long(void *arg)
{
	int *rc = arg;

	*rc = fiber_sleep(60000, NULL);
}

static int by_group(struct err *err)
{
	struct group *g = rig_group();
	int inner = 1, rc;

	rig_spawn(g, "inner", sleep_long, &inner);
	rc = group_wait(g, err);
	CHECK_INT(inner, rc);
	group_destroy(g);
	return rc;
}

static int touch(void *arg, struct err *err)
{
	*(bool *)arg = true;
	return 0;
}

/* Begun only when the scope is still alive. */
static int by_offload(struct err *err)
{
	bool touched = false;
	int rc = by_sleep(err);

	CHECK_INT(fiber_offload("touching", touch, &touched, NULL), rc);
	CHECK(!touched);
	return rc;
}

static int by_yields(struct err *err)
{
	int rc;

	while ((rc = fiber_check(err)) == 0)
		fiber_sleep(10, NULL);
	fiber_yield(); /* ignores it */
	return rc;
}

struct kind {
	const char *name;
	int (*wait)(struct err *err);
};

static const struct kind kinds[] = {
	{ "wait", by_wait },    { "wait with deadline", by_wait_with_deadline },
	{ "sleep", by_sleep },  { "call", by_call },
	{ "group", by_group },  { "offload", by_offload },
	{ "check", by_yields },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct attempt {
	const struct kind *kind;
	int rc, again;
	struct err err;
	uint64_t began, took_ms;
};

static void attempt(void *arg)
{
	struct attempt *a = arg;

	a->began = rig_now();
	a->rc = a->kind->wait(&a->err);
	a->took_ms = rig_ms(a->began);
	/* sticky: whatever is waited for next fails as well, at once */
	a->again = by_wait(NULL);
	CHECK_INT(fiber_check(NULL), a->rc);
}

static int cancel_kinds_body(void *arg, struct err *err)
{
	struct scope *s = scope_create(fiber_engine(), NULL, DEADLINE_NEVER);
	struct group *g = group_create(fiber_engine(), s);
	struct attempt *a = mem_zero(KINDS, sizeof(*a));

	for (size_t i = 0; i < KINDS; i++) {
		a[i].kind = &kinds[i];
		rig_spawn(g, kinds[i].name, attempt, &a[i]);
	}
	fiber_sleep(100, NULL);
	scope_cancel(s, "the person said so");
	scope_cancel(s, "said again");
	CHECK_INT(group_wait(g, err), 0);
	for (size_t i = 0; i < KINDS; i++) {
		tap_note("%s", kinds[i].name);
		CHECK_INT(a[i].rc, -ERR_CANCELLED);
		CHECK_INT(a[i].again, -ERR_CANCELLED);
		CHECK_STR(a[i].err.text, "the person said so");
		CHECK_INT(a[i].took_ms, 100);
	}
	group_destroy(g);
	scope_unref(s);
	mem_free(a);
	return 0;
}

static void cancel_ends_every_wait(void)
{
	CHECK_INT(rig_run(true, cancel_kinds_body, NULL), 0);
}

static int deadline_kinds_body(void *arg, struct err *err)
{
	struct scope *s = scope_create(fiber_engine(), NULL, rig_in(200));
	struct group *g = group_create(fiber_engine(), s);
	struct attempt *a = mem_zero(KINDS, sizeof(*a));

	for (size_t i = 0; i < KINDS; i++) {
		a[i].kind = &kinds[i];
		rig_spawn(g, kinds[i].name, attempt, &a[i]);
	}
	CHECK_INT(group_wait(g, err), 0);
	for (size_t i = 0; i < KINDS; i++) {
		tap_note("%s", kinds[i].name);
		CHECK_INT(a[i].rc, -ERR_DEADLINE);
		CHECK_INT(a[i].again, -ERR_DEADLINE);
		CHECK_INT(a[i].took_ms, 200);
	}
	/* too late to be cancelled: the first reason counts */
	scope_cancel(s, "later");
	CHECK_INT(scope_check(s, NULL), -ERR_DEADLINE);
	CHECK_INT(scope_check(group_scope(g), NULL), -ERR_DEADLINE);
	CHECK(scope_cancelled(s));
	CHECK_STR(scope_reason(s), "the deadline has passed");
	group_destroy(g);
	scope_unref(s);
	mem_free(a);
	return 0;
}

static void deadline_ends_every_wait(void)
{
	CHECK_INT(rig_run(true, deadline_kinds_body, NULL), 0);
}

/* ---- the tree ---- */

static int tree_body(void *arg, struct err *err)
{
	struct engine *e = fiber_engine();
	struct scope *top = scope_create(e, NULL, DEADLINE_NEVER);
	struct scope *left = scope_create(e, top, DEADLINE_NEVER);
	struct scope *right = scope_create(e, top, rig_in(50));
	struct scope *leaf = scope_create(e, left, rig_in(80));
	struct scope *late;

	CHECK_INT(scope_deadline(leaf).at_ns, rig_in(80).at_ns);
	scope_cancel(left, "left");
	CHECK_STR(scope_reason(leaf), "left");
	CHECK(scope_reason(top) == NULL);
	CHECK(!scope_cancelled(right));
	CHECK(!scope_cancelled(engine_root(e)));
	scope_cancel(NULL, "nothing");
	scope_cancel(top, "top");
	CHECK_STR(scope_reason(right), "top");
	CHECK_STR(scope_reason(leaf), "left");
	/* born cancelled, and alive without those above */
	late = scope_create(e, leaf, DEADLINE_NEVER);
	scope_unref(leaf);
	scope_unref(left);
	scope_unref(right);
	scope_unref(top);
	CHECK_STR(scope_reason(late), "left");
	CHECK_INT(scope_check(late, err), -ERR_CANCELLED);
	CHECK_STR(err->text, "left");
	scope_unref(late);
	scope_unref(NULL);
	return 0;
}

static void reasons_go_down_the_tree(void)
{
	CHECK_INT(rig_run(true, tree_body, NULL), 0);
}

/* A child never outlives its parent's deadline, but may end before. */
static int nested_deadlines_body(void *arg, struct err *err)
{
	struct engine *e = fiber_engine();
	struct scope *outer = scope_create(e, NULL, rig_in(100));
	struct scope *longer = scope_create(e, outer, rig_in(500));
	struct scope *shorter = scope_create(e, outer, rig_in(30));
	uint64_t from = rig_now();

	fiber_enter(outer);
	fiber_enter(shorter);
	CHECK_INT(fiber_sleep(1000, err), -ERR_DEADLINE);
	CHECK_INT(rig_ms(from), 30);
	fiber_leave(shorter);
	fiber_enter(longer);
	CHECK_INT(fiber_sleep(40, err), 0);
	CHECK_INT(fiber_sleep(1000, err), -ERR_DEADLINE);
	CHECK_INT(rig_ms(from), 100);
	fiber_leave(longer);
	CHECK_INT(fiber_check(err), -ERR_DEADLINE);
	fiber_leave(outer);
	CHECK_INT(fiber_check(err), 0);
	scope_unref(outer);
	scope_unref(longer);
	scope_unref(shorter);
	return 0;
}

static void deadlines_nest(void)
{
	CHECK_INT(rig_run(true, nested_deadlines_body, NULL), 0);
}

static int shield_body(void *arg, struct err *err)
{
	struct engine *e = fiber_engine();
	struct scope *s = scope_create(e, NULL, DEADLINE_NEVER);
	struct scope *shield, *below;
	uint64_t from = rig_now();

	fiber_enter(s);
	shield = scope_shield(e, 5000);
	fiber_enter(shield);
	below = scope_create(e, shield, DEADLINE_NEVER);
	scope_cancel(s, "stop");
	CHECK(scope_cancelled(s));
	CHECK(!scope_cancelled(shield));
	CHECK(!scope_cancelled(below));
	CHECK_INT(fiber_sleep(3000, err), 0);
	/* but not for ever */
	CHECK_INT(fiber_sleep(3000, err), -ERR_DEADLINE);
	CHECK_INT(rig_ms(from), 5000);
	CHECK(scope_cancelled(below));
	fiber_leave(shield);
	CHECK_INT(fiber_sleep(1, err), -ERR_CANCELLED);
	fiber_leave(s);
	scope_unref(below);
	scope_unref(shield);
	scope_unref(s);
	return 0;
}

static void shields_hold_for_a_while(void)
{
	CHECK_INT(rig_run(true, shield_body, NULL), 0);
}

/* ---- order and depth ---- */

struct waiter {
	struct buf *trace;
	const char *name;
};

static void wait_for_cancel(void *arg)
{
	struct waiter *w = arg;

	CHECK_INT(by_wait(NULL), -ERR_CANCELLED);
	buf_printf(w->trace, "%s ", w->name);
}

static int order_body(void *arg, struct err *err)
{
	struct buf trace;
	struct waiter w[] = { { &trace, "a" },
			      { &trace, "b" },
			      { &trace, "c" } };
	struct group *g = rig_group();

	buf_init(&trace, 4096);
	for (int i = 0; i < 3; i++)
		rig_spawn(g, w[i].name, wait_for_cancel, &w[i]);
	fiber_yield();
	scope_cancel(group_scope(g), "stop");
	buf_puts(&trace, "cancelled ");
	CHECK_INT(group_wait(g, err), 0);
	CHECK_STR(trace.data, "cancelled a b c ");
	group_destroy(g);
	buf_finish(&trace);
	return 0;
}

static void waiters_leave_in_order(void)
{
	CHECK_INT(rig_run(true, order_body, NULL), 0);
}

/* A chain of requests may be long; neither cancel nor the end may recurse. */
static int deep_body(void *arg, struct err *err)
{
	struct engine *e = fiber_engine();
	struct scope *top = scope_create(e, NULL, DEADLINE_NEVER), *s = top;

	for (int i = 0; i < 100000; i++) {
		struct scope *child = scope_create(e, s, DEADLINE_NEVER);

		if (s != top)
			scope_unref(s);
		s = child;
	}
	scope_cancel(top, "all of it");
	CHECK_STR(scope_reason(s), "all of it");
	scope_unref(top);
	scope_unref(s);
	return 0;
}

static void deep_chains(void)
{
	CHECK_INT(rig_run(true, deep_body, NULL), 0);
}

/* A done wait wins over a cancel, once. */
static int done_body(void *arg, struct err *err)
{
	struct scope *s = scope_create(fiber_engine(), NULL, DEADLINE_NEVER);
	struct wait w;

	wait_init(&w, "something");
	fiber_enter(s);
	scope_cancel(s, "stop");
	wait_wake(&w);
	CHECK_INT(fiber_wait(&w, DEADLINE_NEVER, err), 0);
	CHECK_INT(fiber_wait(&w, DEADLINE_NEVER, err), -ERR_CANCELLED);
	fiber_leave(s);
	scope_unref(s);
	return 0;
}

static void done_wins_over_cancel(void)
{
	CHECK_INT(rig_run(true, done_body, NULL), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(cancel_ends_every_wait),
		TEST(deadline_ends_every_wait),
		TEST(reasons_go_down_the_tree),
		TEST(deadlines_nest),
		TEST(shields_hold_for_a_while),
		TEST(waiters_leave_in_order),
		TEST(deep_chains),
		TEST(done_wins_over_cancel),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
