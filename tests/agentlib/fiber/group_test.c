/* SPDX-License-Identifier: Apache-2.0 */
/* Owners of fibers: ends, first errors, cancel that is passed on. */
#include "tests/agentlib/fiber/rig.h"
#include <string.h>

struct member {
	struct group *group;
	unsigned ms;
	const char *fails; /* NULL: ends well */
	int rc;
	bool ended;
};

static void member(void *arg)
{
	struct member *m = arg;
	struct err err;

	m->rc = fiber_sleep(m->ms, &err);
	if (m->rc < 0) {
		group_fail(m->group, &err);
	} else if (m->fails) {
		m->rc = err_set(&err, ERR_UNAVAILABLE, "%s", m->fails);
		err_field(&err, "member");
		group_fail(m->group, &err);
	}
	m->ended = true;
}

static int first_error_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct member m[] = {
		{ g, 10, NULL },
		{ g, 20, "first" },
		{ g, 20, "second" },
		{ g, 60000, NULL },
	};
	uint64_t from = rig_now();

	for (int i = 0; i < 4; i++)
		rig_spawn(g, "member", member, &m[i]);
	CHECK_INT(group_wait(g, err), -ERR_UNAVAILABLE);
	CHECK_STR(err->text, "first");
	CHECK_STR(err->field, "member");
	CHECK_INT(rig_ms(from), 20);
	CHECK_INT(m[0].rc, 0);
	CHECK_INT(m[3].rc, -ERR_CANCELLED);
	CHECK_STR(scope_reason(group_scope(g)), "first");
	/* asked again it says the same; the caller itself is not cancelled */
	CHECK_INT(group_wait(g, NULL), -ERR_UNAVAILABLE);
	CHECK_INT(fiber_check(NULL), 0);
	group_destroy(g);
	return 0;
}

static void first_error_cancels_the_rest(void)
{
	CHECK_INT(rig_run(true, first_error_body, NULL), 0);
}

static int empty_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct member m = { g, 5, NULL };

	CHECK_INT(group_wait(g, err), 0);
	rig_spawn(g, "member", member, &m);
	CHECK_INT(group_wait(g, err), 0);
	CHECK(m.ended);
	/* used again after it was empty */
	m.ended = false;
	rig_spawn(g, "member", member, &m);
	CHECK_INT(group_wait(g, err), 0);
	CHECK(m.ended);
	group_destroy(g);
	group_destroy(NULL);
	return 0;
}

static void empty_and_used_again(void)
{
	CHECK_INT(rig_run(true, empty_body, NULL), 0);
}

/* Cleanup runs by returning: it opens a shield, and the group waits for it. */
static void tidy(void *arg)
{
	struct member *m = arg;
	struct scope *shield;

	m->rc = fiber_sleep(60000, NULL);
	shield = scope_shield(fiber_engine(), 5000);
	fiber_enter(shield);
	CHECK_INT(fiber_sleep(700, NULL), 0);
	fiber_leave(shield);
	scope_unref(shield);
	m->ended = true;
}

static int passes_on_body(void *arg, struct err *err)
{
	struct scope *s = scope_create(fiber_engine(), NULL, rig_in(100));
	/* not below `s`: only group_wait() can pass the end on */
	struct group *g = group_create(fiber_engine(),
				       engine_root(fiber_engine()));
	struct member m = { g };
	uint64_t from = rig_now();

	rig_spawn(g, "tidy", tidy, &m);
	fiber_enter(s);
	CHECK_INT(group_wait(g, err), -ERR_DEADLINE);
	CHECK_INT(m.rc, -ERR_CANCELLED);
	CHECK(m.ended);
	CHECK_INT(rig_ms(from), 800);
	fiber_leave(s);
	group_destroy(g);
	scope_unref(s);
	return 0;
}

static void the_callers_end_is_passed_on(void)
{
	CHECK_INT(rig_run(true, passes_on_body, NULL), 0);
}

static int destroy_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct member m = { g };
	uint64_t from = rig_now();

	rig_spawn(g, "tidy", tidy, &m);
	fiber_sleep(100, NULL);
	group_destroy(g);
	CHECK(m.ended);
	CHECK_INT(rig_ms(from), 800);
	return 0;
}

static void destroy_waits_for_cleanup(void)
{
	CHECK_INT(rig_run(true, destroy_body, NULL), 0);
}

static void ask_ones_own(void *arg)
{
	struct member *m = arg;

	m->rc = group_wait(m->group, NULL);
	group_destroy(m->group); /* freed when this one has ended */
	CHECK_INT(fiber_check(NULL), -ERR_CANCELLED);
}

static int own_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct member m = { g };

	rig_spawn(g, "member", ask_ones_own, &m);
	fiber_sleep(1, NULL);
	CHECK_INT(m.rc, -ERR_REENTRANT);
	return 0;
}

static void a_fiber_and_its_own_group(void)
{
	CHECK_INT(rig_run(true, own_body, NULL), 0);
}

/* Outside of fibers a group can be made, and left to its fibers. */
static void outside_of_fibers(void)
{
	struct engine_options o = { .virtual_clock = true };
	struct engine *e = engine_create(&o, NULL);
	struct group *g = group_create(e, NULL);
	struct member m = { g, 10 };
	struct err err;

	CHECK_INT(group_wait(g, &err), 0);
	rig_spawn(g, "member", member, &m);
	CHECK_INT(group_wait(g, &err), -ERR_REENTRANT);
	group_destroy(g);
	CHECK(!m.ended);
	engine_destroy(e);
	CHECK(m.ended);
	CHECK_INT(m.rc, -ERR_CANCELLED);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(first_error_cancels_the_rest),
		TEST(empty_and_used_again),
		TEST(the_callers_end_is_passed_on),
		TEST(destroy_waits_for_cleanup),
		TEST(a_fiber_and_its_own_group),
		TEST(outside_of_fibers),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
