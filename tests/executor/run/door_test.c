/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door as another program uses it: real boxes, several programs in one,
 * cancel and close at every moment.
 */
#include "executor/include/executor.h"

#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the callbacks of one program said. */
struct seen {
	bool done, failed;
	char status[32], out[4096], errors[4096], live[4096], file[64];
	int exit_code, files, calls;
	char name[32], field[96];
	struct coop_box *close_in_output, *close_in_ended;
	struct coop_run **cancel_in_output;
};

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct seen *s = arg;

	size_t at = strlen(s->live);

	snprintf(s->live + at, sizeof(s->live) - at, "%.*s", (int)len, data);
	if (s->close_in_output)
		coop_box_close(s->close_in_output);
	s->close_in_output = NULL;
	if (s->cancel_in_output)
		coop_run_cancel(*s->cancel_in_output);
}

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct seen *s = arg;
	ssize_t n = read(fd, s->file, sizeof(s->file) - 1);

	CHECK_INT(n, size);
	s->files++;
	close(fd);
}

static void on_ended(void *arg, const struct coop_result *r,
		     const struct coop_err *e)
{
	struct seen *s = arg;

	s->calls++;
	s->done = true;
	if (e) {
		s->failed = true;
		snprintf(s->name, sizeof(s->name), "%s", e->name);
		snprintf(s->field, sizeof(s->field), "%s", e->field);
		return;
	}
	snprintf(s->status, sizeof(s->status), "%s", r->status);
	snprintf(s->out, sizeof(s->out), "%s", r->stdout_data);
	snprintf(s->errors, sizeof(s->errors), "%s", r->stderr_data);
	s->exit_code = r->exit_code;
	CHECK(r->json && r->json[0] == '{');
	if (s->close_in_ended)
		coop_box_close(s->close_in_ended);
}

static struct coop_events events(struct seen *s)
{
	return (struct coop_events){ s, on_output, on_file, on_ended };
}

static struct coop *begin(void)
{
	struct coop_options o = { .size = sizeof(o) };
	struct coop_err err;
	struct coop *c;
	char libexec[4096], share[4096];

	snprintf(libexec, sizeof(libexec), "%s", tap_build("libexec/coop"));
	snprintf(share, sizeof(share), "%s", tap_build("share/coop"));
	o.libexec = libexec;
	o.share = share;
	if (!CHECK(coop_open(&c, &o, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	return c;
}

static struct coop_box *box(struct coop *c)
{
	struct coop_box_options o = { .size = sizeof(o) };
	struct coop_err err;
	struct coop_box *b;

	if (!CHECK(coop_box_open(&b, c, &o, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	return b;
}

static struct coop_exec_options shell(const char *code)
{
	return (struct coop_exec_options){
		.size = sizeof(struct coop_exec_options),
		.language = "bash",
		.code = code,
	};
}

static struct coop_run *start(struct coop_box *b, const char *code,
			      struct seen *s)
{
	struct coop_exec_options o = shell(code);
	struct coop_events ev = events(s);
	struct coop_run *r = NULL;
	struct coop_err err;

	if (!CHECK(coop_box_exec(&r, b, &o, &ev, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	return r;
}

static void finish(struct coop *c, struct seen *s)
{
	struct coop_err err;

	CHECK_INT(coop_wait(c, &s->done, &err), 0);
	CHECK_INT(s->calls, 1);
}

static void step_until_live(struct coop *c, struct seen *s)
{
	struct coop_err err;

	while (!*s->live && !s->done)
		REQUIRE(coop_step(c, 1000, &err) == 0);
	REQUIRE(!s->done);
}

static void files_stay_between_programs(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct seen one = { 0 }, two = { 0 }, three = { 0 };

	start(b, "echo data > f; echo one", &one);
	finish(c, &one);
	CHECK_STR(one.status, "ok");
	CHECK_STR(one.out, "one\n");
	CHECK_INT(one.files, 1);
	CHECK_STR(one.file, "data\n");
	start(b, "cat f; exit 4", &two);
	finish(c, &two);
	CHECK_STR(two.status, "failed");
	CHECK_INT(two.exit_code, 4);
	CHECK_STR(two.out, "data\n");
	CHECK_INT(two.files, 0); /* nothing changed */
	start(b, "echo more >> f", &three);
	finish(c, &three);
	CHECK_STR(three.file, "data\nmore\n");
	coop_box_close(b);
	coop_close(c);
}

static void daemons_do_not_live_on(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct seen one = { 0 }, two = { 0 };

	start(b, "setsid sleep 1000 & sleep 1000 & echo $!", &one);
	finish(c, &one);
	CHECK_STR(one.status, "ok");
	start(b,
	      "for p in /proc/[0-9]*; do cat $p/comm; done 2>/dev/null | "
	      "grep -c sleep",
	      &two);
	finish(c, &two);
	CHECK_STR(two.out, "0\n");
	coop_close(c); /* closes the box, too */
}

static void several_boxes_at_a_time(void)
{
	enum { N = 4 };
	struct coop *c = begin();
	struct coop_box *b[N];
	struct seen s[N] = { 0 };

	for (int i = 0; i < N; i++) {
		char code[64];

		b[i] = box(c);
		snprintf(code, sizeof(code), "sleep 0.%d; echo %d", N - i, i);
		start(b[i], code, &s[i]);
	}
	for (int i = 0; i < N; i++) {
		char want[16];

		finish(c, &s[i]);
		snprintf(want, sizeof(want), "%d\n", i);
		CHECK_STR(s[i].out, want);
		coop_box_close(b[i]);
	}
	coop_close(c);
}

static void one_program_at_a_time(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct coop_exec_options o = shell("echo two");
	struct coop_events ev;
	struct seen one = { 0 }, two = { 0 };
	struct coop_err err;

	ev = events(&two);
	start(b, "sleep 0.2; echo one", &one);
	CHECK(coop_box_exec(NULL, b, &o, &ev, &err) < 0);
	CHECK_STR(err.name, "conflict");
	finish(c, &one);
	CHECK(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	finish(c, &two);
	CHECK_STR(two.out, "two\n");
	coop_close(c);
}

static void cancel_at_once(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct seen s = { 0 }, after = { 0 };

	coop_run_cancel(start(b, "echo never", &s));
	CHECK(!s.done); /* from the loop only */
	finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	start(b, "echo still usable", &after);
	finish(c, &after);
	CHECK_STR(after.out, "still usable\n");
	coop_close(c);
}

static void cancel_in_mid_run(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct seen s = { 0 };
	struct coop_run *r = start(b, "echo begun; sleep 1000", &s);

	step_until_live(c, &s);
	coop_run_cancel(r);
	coop_run_cancel(r); /* twice is once */
	finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	CHECK_STR(s.out, "begun\n");
	coop_close(c);
}

static void cancel_in_a_callback(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct coop_run *r;
	struct seen s = { .cancel_in_output = &r };

	r = start(b, "echo begun; sleep 1000", &s);
	finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	coop_close(c);
}

static void cancel_in_mid_compile(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct coop_exec_options o = {
		.size = sizeof(o),
		.language = "c++",
		.code = "#include <regex>\n#include <map>\nint main(){}",
	};
	struct seen s = { 0 };
	struct coop_events ev = events(&s);
	struct coop_run *r;
	struct coop_err err;

	REQUIRE(coop_box_exec(&r, b, &o, &ev, &err) == 0);
	for (int i = 0; i < 10; i++)
		coop_step(c, 10, &err);
	REQUIRE(!s.done);
	coop_run_cancel(r);
	finish(c, &s);
	CHECK_STR(s.status, "cancelled");
	coop_close(c);
}

/* Whatever is under way: no cancel is lost, and none ends another program. */
static void cancel_at_every_step(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct coop_err err;

	for (int steps = 0; steps < 40; steps++) {
		struct seen s = { 0 }, after = { 0 };
		struct coop_run *r = start(b, "echo x > f; sleep 8", &s);

		for (int i = 0; i < steps && !s.done; i++)
			coop_step(c, steps % 3, &err);
		REQUIRE(!s.done);
		coop_run_cancel(r);
		finish(c, &s);
		if (!CHECK_STR(s.status, "cancelled"))
			tap_note("after %d steps", steps);
		if (steps % 10)
			continue;
		start(b, "echo on", &after);
		finish(c, &after);
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
		struct coop *c = begin();
		struct coop_box *b = box(c);
		struct seen s = { 0 };
		struct coop_events ev = events(&s);

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
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct seen s = { 0 };

	start(b, "echo begun; sleep 1000", &s);
	step_until_live(c, &s);
	coop_box_close(b);
	CHECK(s.done); /* before it returned */
	CHECK_INT(s.calls, 1);
	CHECK_STR(s.status, "cancelled");
	CHECK_STR(s.out, "begun\n");
	coop_close(c);
}

static void closing_before_anything_happened(void)
{
	struct coop *c = begin();
	struct seen s = { 0 };

	start(box(c), "echo never", &s);
	coop_close(c);
	CHECK_INT(s.calls, 1);
	CHECK_STR(s.status, "cancelled");
}

static void closing_in_callbacks(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c), *b2 = box(c);
	struct seen s = { .close_in_output = b };
	struct seen s2 = { .close_in_ended = b2 };

	start(b, "echo begun; sleep 1000", &s);
	start(b2, "true", &s2);
	finish(c, &s);
	finish(c, &s2);
	CHECK_STR(s.status, "cancelled");
	CHECK_STR(s2.status, "ok");
	coop_close(c);
}

static void failures_come_to_ended(void)
{
	static const char *const argv[] = { "no-such-program", NULL };
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct coop_exec_options o = { .size = sizeof(o), .argv = argv };
	struct seen s = { 0 }, after = { 0 };
	struct coop_events ev = events(&s);
	struct coop_err err;

	REQUIRE(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	finish(c, &s);
	CHECK(s.failed);
	CHECK_STR(s.name, "not_found");
	CHECK_STR(s.field, "command");
	start(b, "echo still usable", &after);
	finish(c, &after);
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
	struct coop *c = begin();
	struct coop_box_options bo = { .size = sizeof(bo) };
	struct coop_exec_options o = shell("cat a/b.txt; echo; cat; ./tool; "
					   "echo $WHO \"$2\" $0");
	struct seen s = { 0 };
	struct coop_events ev = events(&s);
	struct coop_err err;

	o.files = files;
	o.file_count = 2;
	o.args = args;
	o.env = env;
	o.stdin_data = "from input\n";
	o.filename = "sub/prog.sh";
	REQUIRE(coop_run_start(NULL, c, &bo, &o, &ev, &err) == 0);
	memset(files, 0, sizeof(files)); /* everything was copied */
	finish(c, &s);
	CHECK_STR(s.out, "in a file\nfrom input\ntool\nme y z sub/prog.sh\n");
	CHECK_INT(s.files, 0);
	coop_close(c);
}

static void a_programs_own_time_limit(void)
{
	struct coop *c = begin();
	struct coop_box *b = box(c);
	struct coop_exec_options o = shell("sleep 1000");
	struct seen s = { 0 }, after = { 0 };
	struct coop_events ev = events(&s);
	struct coop_err err;

	o.time_ms = 200;
	REQUIRE(coop_box_exec(NULL, b, &o, &ev, &err) == 0);
	finish(c, &s);
	CHECK_STR(s.status, "time_limit");
	start(b, "sleep 0.4; echo longer", &after);
	finish(c, &after);
	CHECK_STR(after.out, "longer\n");
	coop_close(c);
}

static void the_descriptor_wakes_an_outer_loop(void)
{
	struct coop *c = begin();
	struct seen s = { 0 };
	struct coop_err err;

	CHECK(coop_fd(c) >= 0);
	start(box(c), "echo hi", &s);
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
	struct coop *c = begin();
	int before = 0;

	for (int i = 0; i < 12; i++) {
		struct coop_box *b = box(c);
		struct seen s = { 0 };

		start(b, i % 2 ? "echo x > f" : "exit 1", &s);
		finish(c, &s);
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
		TEST(cancel_at_once),
		TEST(cancel_in_mid_run),
		TEST(cancel_in_a_callback),
		TEST(cancel_in_mid_compile),
		TEST(cancel_at_every_step),
		TEST(closing_in_mid_compile),
		TEST(closing_a_box_ends_its_program),
		TEST(closing_before_anything_happened),
		TEST(closing_in_callbacks),
		TEST(failures_come_to_ended),
		TEST(files_and_input_from_memory),
		TEST(a_programs_own_time_limit),
		TEST(the_descriptor_wakes_an_outer_loop),
		TEST(nothing_is_left_open),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
