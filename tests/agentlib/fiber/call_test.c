/* SPDX-License-Identifier: Apache-2.0 */
/* Reply slots: whoever comes late, nothing is lost and nothing is touched. */
#include "agentlib/fiber/call.h"
#include "executor/base/mem.h"
#include "tests/agentlib/fiber/rig.h"
#include <string.h>

/* Counted so that a test sees drops; LeakSanitizer sees the rest. */
struct value {
	int *dropped;
};

static struct value *value_new(int *dropped)
{
	struct value *v = mem_new(struct value);

	v->dropped = dropped;
	return v;
}

static void value_drop(void *arg)
{
	struct value *v = arg;

	++*v->dropped;
	mem_free(v);
}

struct replier {
	struct call *call;
	unsigned ms;
	bool fails;
	int dropped;
};

static void reply(void *arg)
{
	struct replier *r = arg;
	struct err err;

	fiber_sleep(r->ms, NULL);
	if (r->fails) {
		err_set(&err, ERR_NOT_FOUND, "nobody home");
		err_try(&err, "ring again");
		call_fail(r->call, &err);
	} else {
		call_reply(r->call, value_new(&r->dropped));
	}
}

static int reply_body(void *arg, struct err *err)
{
	static const unsigned delays[] = { 0, 10 };
	struct group *g = rig_group();

	for (size_t i = 0; i < 2; i++) {
		struct replier r = { call_create("a reply", value_drop),
				     delays[i] };
		void *value = NULL;

		rig_spawn(g, "replier", reply, &r);
		if (i == 0)
			fiber_sleep(1, NULL); /* replied before the wait */
		CHECK_INT(call_wait(r.call, DEADLINE_NEVER, &value, err), 0);
		REQUIRE(value != NULL);
		CHECK_INT(r.dropped, 0);
		value_drop(value);
	}
	group_destroy(g);
	return 0;
}

static void a_value_moves(void)
{
	CHECK_INT(rig_run(true, reply_body, NULL), 0);
}

static int fail_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct replier r = { call_create("a reply", value_drop), 10, true };
	void *value = &r;

	rig_spawn(g, "replier", reply, &r);
	CHECK_INT(call_wait(r.call, DEADLINE_NEVER, &value, err),
		  -ERR_NOT_FOUND);
	CHECK_STR(err->text, "nobody home");
	CHECK_STR(err->remedy, "ring again");
	CHECK(value == &r);
	group_destroy(g);
	return 0;
}

static void a_failure_comes_back(void)
{
	CHECK_INT(rig_run(true, fail_body, NULL), 0);
}

/* The waiter leaves by deadline, the reply comes later and is dropped. */
static int abandoned_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct replier late = { call_create("a reply", value_drop), 100 };
	struct replier fails = { call_create("a reply", value_drop), 100,
				 true };
	void *value = NULL;

	rig_spawn(g, "late", reply, &late);
	rig_spawn(g, "fails", reply, &fails);
	CHECK_INT(call_wait(late.call, rig_in(10), &value, err), -ERR_DEADLINE);
	CHECK_INT(call_wait(fails.call, rig_in(10), &value, err),
		  -ERR_DEADLINE);
	CHECK(call_abandoned(late.call));
	CHECK(value == NULL);
	CHECK_INT(group_wait(g, err), 0);
	CHECK_INT(late.dropped, 1);
	group_destroy(g);
	return 0;
}

static void an_abandoned_value_is_dropped(void)
{
	CHECK_INT(rig_run(true, abandoned_body, NULL), 0);
}

static void given_up_without_waiting(void)
{
	struct call *first = call_create("a reply", value_drop);
	struct call *second = call_create("a reply", value_drop);
	struct call *third = call_create("a reply", NULL);
	struct err err;
	int dropped = 0;
	void *value = NULL;

	call_reply(first, value_new(&dropped));
	CHECK_INT(dropped, 0);
	call_abandon(first);
	CHECK_INT(dropped, 1);
	call_abandon(second);
	call_reply(second, value_new(&dropped));
	CHECK_INT(dropped, 2);
	/* outside of fibers the wait fails and gives up as well */
	CHECK_INT(call_wait(third, DEADLINE_NEVER, &value, &err),
		  -ERR_REENTRANT);
	call_reply(third, NULL);
	call_abandon(NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(a_value_moves),
		TEST(a_failure_comes_back),
		TEST(an_abandoned_value_is_dropped),
		TEST(given_up_without_waiting),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
