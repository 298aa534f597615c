/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door as another program uses it: real boxes, several programs in one.
 */
#include "executor/include/executor.h"

#include "tests/executor/run/door_rig.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static void files_stay_between_programs(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct seen one = { 0 }, two = { 0 }, three = { 0 };

	door_start(b, "echo data > f; echo one", &one);
	door_finish(c, &one);
	CHECK_STR(one.status, "ok");
	CHECK_STR(one.out, "one\n");
	CHECK_INT(one.files, 1);
	CHECK_STR(one.file, "data\n");
	door_start(b, "cat f; exit 4", &two);
	door_finish(c, &two);
	CHECK_STR(two.status, "failed");
	CHECK_INT(two.exit_code, 4);
	CHECK_STR(two.out, "data\n");
	CHECK_INT(two.files, 0); /* nothing changed */
	door_start(b, "echo more >> f", &three);
	door_finish(c, &three);
	CHECK_STR(three.file, "data\nmore\n");
	coop_box_close(b);
	coop_close(c);
}

static void daemons_do_not_live_on(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct seen one = { 0 }, two = { 0 };

	door_start(b, "setsid sleep 1000 & sleep 1000 & echo $!", &one);
	door_finish(c, &one);
	CHECK_STR(one.status, "ok");
	door_start(b,
		   "for p in /proc/[0-9]*; do cat $p/comm; done 2>/dev/null | "
		   "grep -c sleep",
		   &two);
	door_finish(c, &two);
	CHECK_STR(two.out, "0\n");
	coop_close(c); /* closes the box, too */
}

static void several_boxes_at_a_time(void)
{
	enum { N = 4 };
	struct coop *c = door_begin();
	struct coop_box *b[N];
	struct seen s[N] = { 0 };

	for (int i = 0; i < N; i++) {
		char code[64];

		b[i] = door_box(c);
		snprintf(code, sizeof(code), "sleep 0.%d; echo %d", N - i, i);
		door_start(b[i], code, &s[i]);
	}
	for (int i = 0; i < N; i++) {
		char want[16];

		door_finish(c, &s[i]);
		snprintf(want, sizeof(want), "%d\n", i);
		CHECK_STR(s[i].out, want);
		coop_box_close(b[i]);
	}
	coop_close(c);
}

static void one_program_at_a_time(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct coop_exec_options o = door_shell("echo two");
	struct coop_events ev;
	struct seen one = { 0 }, two = { 0 };
	struct coop_err err;

	ev = door_events(&two);
	door_start(b, "sleep 0.2; echo one", &one);
	CHECK(coop_box_exec(NULL, b, &o, &ev, &err) < 0);
	CHECK_STR(err.name, "conflict");
	door_finish(c, &one);
	CHECK(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	door_finish(c, &two);
	CHECK_STR(two.out, "two\n");
	coop_close(c);
}

static void failures_come_to_ended(void)
{
	static const char *const argv[] = { "no-such-program", NULL };
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct coop_exec_options o = { .size = sizeof(o), .argv = argv };
	struct seen s = { 0 }, after = { 0 };
	struct coop_events ev = door_events(&s);
	struct coop_err err;

	REQUIRE(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	door_finish(c, &s);
	CHECK(s.failed);
	CHECK_STR(s.name, "not_found");
	CHECK_STR(s.field, "command");
	door_start(b, "echo still usable", &after);
	door_finish(c, &after);
	CHECK_STR(after.out, "still usable\n");
	coop_close(c);
}

static void files_and_input_from_memory(void)
{
	struct coop_file files[] = {
		{ .path = "a/b.txt", .data = "in a file", .len = 9 },
		{ .path = "tool",
		  .data = "#!/bin/sh\necho tool\n",
		  .len = 20,
		  .mode = 0755 },
	};
	static const char *const args[] = { "x", "y z", NULL };
	static const char *const env[] = { "WHO=me", NULL };
	struct coop *c = door_begin();
	struct coop_box_options bo = { .size = sizeof(bo) };
	struct coop_exec_options o =
		door_shell("cat a/b.txt; echo; cat; ./tool; "
			   "echo $WHO \"$2\" $0");
	struct seen s = { 0 };
	struct coop_events ev = door_events(&s);
	struct coop_err err;

	o.files = files;
	o.file_count = 2;
	o.args = args;
	o.env = env;
	o.stdin_data = "from input\n";
	o.filename = "sub/prog.sh";
	REQUIRE(coop_run_start(NULL, c, &bo, &o, &ev, &err) == 0);
	memset(files, 0, sizeof(files)); /* everything was copied */
	door_finish(c, &s);
	CHECK_STR(s.out, "in a file\nfrom input\ntool\nme y z sub/prog.sh\n");
	CHECK_INT(s.files, 0);
	coop_close(c);
}

static void a_programs_own_time_limit(void)
{
	struct coop *c = door_begin();
	struct coop_box *b = door_box(c);
	struct coop_exec_options o = door_shell("sleep 1000");
	struct seen s = { 0 }, after = { 0 };
	struct coop_events ev = door_events(&s);
	struct coop_err err;

	o.time_ms = 200;
	REQUIRE(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	door_finish(c, &s);
	CHECK_STR(s.status, "time_limit");
	door_start(b, "sleep 0.4; echo longer", &after);
	door_finish(c, &after);
	CHECK_STR(after.out, "longer\n");
	coop_close(c);
}

static void the_descriptor_wakes_an_outer_loop(void)
{
	struct coop *c = door_begin();
	struct seen s = { 0 };
	struct coop_err err;

	CHECK(coop_fd(c) >= 0);
	door_start(door_box(c), "echo hi", &s);
	while (!s.done)
		REQUIRE(coop_step(c, -1, &err) == 0);
	CHECK_STR(s.live, "hi\n");
	coop_close(c);
}

static int open_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void nothing_is_left_open(void)
{
	struct coop *c = door_begin();
	int before = 0;

	for (int i = 0; i < 12; i++) {
		struct coop_box *b = door_box(c);
		struct seen s = { 0 };

		door_start(b, i % 2 ? "echo x > f" : "exit 1", &s);
		door_finish(c, &s);
		coop_box_close(b);
		if (i == 3)
			before = open_fds();
	}
	CHECK_INT(open_fds(), before);
	coop_close(c);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(files_stay_between_programs),
		TEST(daemons_do_not_live_on),
		TEST(several_boxes_at_a_time),
		TEST(one_program_at_a_time),
		TEST(failures_come_to_ended),
		TEST(files_and_input_from_memory),
		TEST(a_programs_own_time_limit),
		TEST(the_descriptor_wakes_an_outer_loop),
		TEST(nothing_is_left_open),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
