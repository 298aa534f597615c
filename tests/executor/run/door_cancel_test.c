/* SPDX-License-Identifier: Apache-2.0 */
/* Cancelling and closing through the door, at every moment. */
#include "executor/include/executor.h"

#include "tests/executor/run/door_rig.h"
#include "tests/tap.h"

static void cancel_at_once(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct seen s = { 0 }, after = { 0 };

	coop_run_cancel(door_start(b, "echo never", &s));
	CHECK(!s.done); /* from the loop only */
	door_finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	door_start(b, "echo still usable", &after);
	door_finish(c, &after);
	CHECK_STR(after.out, "still usable\n");
	coop_close(c);
}

static void cancel_in_mid_run(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct seen s = { 0 };
	struct coop_run *r = door_start(b, "echo begun; sleep 1000", &s);

	door_step_until_live(c, &s);
	coop_run_cancel(r);
	coop_run_cancel(r); /* twice is once */
	door_finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	CHECK_STR(s.out, "begun\n");
	coop_close(c);
}

static void cancel_in_a_callback(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct coop_run *r;
	struct seen s = { .cancel_in_output = &r };

	r = door_start(b, "echo begun; sleep 1000", &s);
	door_finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	coop_close(c);
}

static void cancel_in_mid_compile(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct coop_exec_options o = {
		.size = sizeof(o),
		.language = "c++",
		.code = "#include <regex>\n#include <map>\nint main(){}",
	};
	struct seen s = { 0 };
	struct coop_events ev = door_events(&s);
	struct coop_run *r;
	struct coop_err err;

	REQUIRE(coop_box_exec(&r, b, &o, &ev, &err) == 0);
	for (int i = 0; i < 10; i++)
		coop_step(c, 10, &err);
	REQUIRE(!s.done);
	coop_run_cancel(r);
	door_finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	coop_close(c);
}

/* Whatever is under way: no cancel is lost, and none ends another program. */
static void cancel_at_every_step(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct coop_err err;

	for (int steps = 0; steps < 40; steps++) {
		struct seen s = { 0 }, after = { 0 };
		struct coop_run *r = door_start(b, "echo x > f; sleep 8", &s);

		for (int i = 0; i < steps && !s.done; i++)
			coop_step(c, steps % 3, &err);
		REQUIRE(!s.done);
		coop_run_cancel(r);
		door_finish(c, &s);
		if (!CHECK_STR(s.status, "cancelled"))
			tap_note("after %d steps", steps);
		if (steps % 10)
			continue;
		door_start(b, "echo on", &after);
		door_finish(c, &after);
		CHECK_STR(after.out, "on\n");
	}
	coop_close(c);
}

static void closing_in_mid_compile(void)
{
	struct coop_exec_options o = {
		.size = sizeof(o),
		.language = "c++",
		.code = "#include <regex>\n#include <map>\nint main(){}",
	};
	struct coop_err err;

	for (int steps = 0; steps < 60; steps += 12) {
		struct coop *c = door_begin();
		struct coop_box *b = door_box(c);
		struct seen s = { 0 };
		struct coop_events ev = door_events(&s);

		REQUIRE(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
		for (int i = 0; i < steps; i++)
			coop_step(c, 2, &err);
		coop_box_close(b);
		CHECK(s.done);
		CHECK_STR(s.status, "cancelled");
		coop_close(c);
	}
}

static void closing_a_box_ends_its_program(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct seen s = { 0 };

	door_start(b, "echo begun; sleep 1000", &s);
	door_step_until_live(c, &s);
	coop_box_close(b);
	CHECK(s.done); /* before it returned */
	CHECK_INT(s.calls, 1);
	CHECK_STR(s.status, "cancelled");
	CHECK_STR(s.out, "begun\n");
	coop_close(c);
}

static void closing_before_anything_happened(void)
{
	struct coop *c = door_begin();
	struct seen s = { 0 };

	door_start(door_box(c), "echo never", &s);
	coop_close(c);
	CHECK_INT(s.calls, 1);
	CHECK_STR(s.status, "cancelled");
}

static void closing_in_callbacks(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c), *b2 = door_box(c);
	struct seen s = { .close_in_output = b };
	struct seen s2 = { .close_in_ended = b2 };

	door_start(b, "echo begun; sleep 1000", &s);
	door_start(b2, "true", &s2);
	door_finish(c, &s);
	door_finish(c, &s2);
	CHECK_STR(s.status, "cancelled");
	CHECK_STR(s2.status, "ok");
	coop_close(c);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(cancel_at_once),
		TEST(cancel_in_mid_run),
		TEST(cancel_in_a_callback),
		TEST(cancel_in_mid_compile),
		TEST(cancel_at_every_step),
		TEST(closing_in_mid_compile),
		TEST(closing_a_box_ends_its_program),
		TEST(closing_before_anything_happened),
		TEST(closing_in_callbacks),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
