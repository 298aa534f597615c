/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop: who is called, in which order, and who is not. */
#include "executor/base/loop.h"

#include "executor/base/fd.h"
#include "tests/tap.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOON deadline_in_ms(30000) /* what a test waits for comes at once */
static const struct deadline PASSED = { 0 };

/* One letter for each call, so that an order is a text. */
static char trace[64];

static void say(void *letter)
{
	size_t len = strlen(trace);

	if (len < sizeof(trace) - 1)
		trace[len] = *(const char *)letter;
}

static struct loop *make(void)
{
	struct err err;
	struct loop *l = loop_create(&err);

	REQUIRE(l != NULL);
	memset(trace, 0, sizeof(trace));
	return l;
}

static bool readable(struct loop *l, int ms)
{
	struct pollfd p = { .fd = loop_pollfd(l), .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

/* ---- deferred calls ---- */

static void defer_again(void *arg)
{
	say((void *)"a");
	loop_defer(arg, say, (void *)"b");
}

static void deferred_calls_run_on_the_next_pass(void)
{
	struct loop *l = make();
	struct err err;

	loop_defer(l, defer_again, l);
	loop_defer(l, say, (void *)"c");
	CHECK_STR(trace, "");
	CHECK(readable(l, 0));
	CHECK_INT(loop_step(l, DEADLINE_NEVER, &err), 0);
	CHECK_STR(trace, "ac");
	CHECK(readable(l, 0));
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_STR(trace, "acb");
	CHECK(!readable(l, 0));
	loop_destroy(l);
	loop_destroy(NULL);
}

/* Else who waits for what a call does would wait for something else, too. */
static void a_pass_with_calls_does_not_wait(void)
{
	struct loop *l = make();
	struct err err;

	loop_defer(l, say, (void *)"a");
	CHECK_INT(loop_step(l, DEADLINE_NEVER, &err), 0);
	CHECK_STR(trace, "a");
	loop_destroy(l);
}

static void set_flag(void *arg)
{
	*(bool *)arg = true;
}

struct poster {
	struct loop *loop;
	bool done;
};

static void *post(void *arg)
{
	struct poster *p = arg;

	loop_post(p->loop, set_flag, &p->done);
	return NULL;
}

static void a_post_wakes_the_loop(void)
{
	struct poster p = { .loop = make() };
	pthread_t thread;
	struct err err;

	REQUIRE(!pthread_create(&thread, NULL, post, &p));
	CHECK_INT(loop_until(p.loop, &p.done, DEADLINE_NEVER, &err), 0);
	pthread_join(thread, NULL);
	loop_destroy(p.loop);
}

static void undone_calls_go_with_the_loop(void)
{
	struct loop *l = make();

	loop_defer(l, say, (void *)"a");
	loop_at(l, PASSED, say, (void *)"b");
	loop_destroy(l);
	CHECK_STR(trace, "");
}

/* ---- timers ---- */

static void timers_fire_by_deadline_then_sequence(void)
{
	struct loop *l = make();
	struct err err;

	loop_at(l, (struct deadline){ 30 }, say, (void *)"c");
	loop_at(l, (struct deadline){ 20 }, say, (void *)"a");
	loop_at(l, (struct deadline){ 20 }, say, (void *)"b");
	loop_at(l, DEADLINE_NEVER, say, (void *)"x");
	CHECK_INT(loop_step(l, DEADLINE_NEVER, &err), 0);
	CHECK_STR(trace, "abc");
	CHECK(loop_next(l).at_ns == UINT64_MAX);
	loop_destroy(l);
}

static void a_timer_makes_the_loop_readable(void)
{
	struct loop *l = make();
	struct loop_timer *never;
	struct err err;

	CHECK(!readable(l, 0));
	never = loop_at(l, deadline_in_ms(3600000), say, (void *)"x");
	CHECK(!readable(l, 0));
	loop_at(l, deadline_in_ms(5), say, (void *)"a");
	CHECK(readable(l, 30000));
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_STR(trace, "a");
	CHECK(!readable(l, 0));
	loop_timer_cancel(never);
	loop_timer_cancel(NULL);
	loop_destroy(l);
}

static void a_stopped_timer_does_not_fire(void)
{
	struct loop *l = make();
	struct loop_timer *t = loop_at(l, PASSED, say, (void *)"x");
	bool done = false;
	struct err err;

	loop_timer_cancel(t);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_STR(trace, "");
	/* and what comes after it is not forgotten */
	t = loop_at(l, deadline_in_ms(1), say, (void *)"x");
	loop_at(l, deadline_in_ms(10), say, (void *)"a");
	loop_timer_cancel(t);
	while (!trace[0] && loop_step(l, SOON, &err) == 0)
		;
	CHECK_STR(trace, "a");
	CHECK_INT(loop_until(l, &done, deadline_in_ms(1), &err), -ERR_DEADLINE);
	loop_destroy(l);
}

static void set_again(void *arg)
{
	say((void *)"t");
	loop_at(arg, PASSED, set_again, arg);
}

/* A timer that is always due must not keep a pass from ending. */
static void a_busy_timer_starves_nobody(void)
{
	struct loop *l = make();
	struct err err;

	set_again(l);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_STR(trace, "ttt");
	loop_destroy(l);
}

/* ---- descriptors ---- */

struct ear {
	struct loop_fd *watch, *other;
	int fd;
	const char *letter;
	uint32_t events;
};

static void hear(void *arg, uint32_t events)
{
	struct ear *e = arg;
	char c;

	say((void *)e->letter);
	e->events = events;
	if (events & EPOLLIN)
		CHECK(read(e->fd, &c, 1) >= 0);
}

static void silence_both(void *arg, uint32_t events)
{
	struct ear *e = arg;

	say((void *)e->letter);
	loop_unwatch(e->other);
	loop_unwatch(e->watch);
}

static void pause_other(void *arg, uint32_t events)
{
	struct ear *e = arg;

	hear(arg, events);
	loop_watch_set(e->other, 0);
}

static void watches_until_unwatched(void)
{
	struct loop *l = make();
	struct ear e = { .letter = "r" };
	struct err err;
	int ends[2];

	REQUIRE(fd_pipe(ends, &err) == 0);
	e.fd = ends[0];
	e.watch = loop_watch(l, ends[0], EPOLLIN, hear, &e, &err);
	REQUIRE(e.watch != NULL);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_STR(trace, "");
	CHECK_INT(write(ends[1], "xy", 2), 2);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_STR(trace, "rr");
	CHECK_INT(write(ends[1], "x", 1), 1);
	loop_unwatch(e.watch);
	loop_unwatch(NULL);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_STR(trace, "rr");
	/* the fd is still the caller's and may be watched again */
	CHECK(loop_watch(l, ends[0], EPOLLIN, hear, &e, &err) != NULL);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_STR(trace, "rrr");
	loop_destroy(l);
	CHECK_INT(write(ends[1], "x", 1), 1);
}

static void watch_reports_what_cannot_be_watched(void)
{
	struct loop *l = make();
	struct err err = { 0 };

	CHECK(loop_watch(l, -1, EPOLLIN, hear, NULL, &err) == NULL);
	CHECK_INT(err.code, ERR_SYSTEM);
	loop_destroy(l);
}

/* Two are ready in one batch; the first callback ends both. */
static void removed_in_its_batch_is_not_called(void)
{
	struct loop *l = make();
	struct ear a = { .letter = "a" }, b = { .letter = "b" };
	struct err err;
	int pa[2], pb[2];

	REQUIRE(fd_pipe(pa, &err) == 0 && fd_pipe(pb, &err) == 0);
	a.watch = b.other = loop_watch(l, pa[0], EPOLLIN, silence_both, &a,
				       &err);
	b.watch = a.other = loop_watch(l, pb[0], EPOLLIN, silence_both, &b,
				       &err);
	CHECK(write(pa[1], "x", 1) == 1 && write(pb[1], "x", 1) == 1);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_INT(strlen(trace), 1);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_INT(strlen(trace), 1);
	loop_destroy(l);
}

static void paused_in_its_batch_waits(void)
{
	struct loop *l = make();
	struct ear a = { .letter = "a" }, b = { .letter = "b" };
	struct ear *late;
	struct err err;
	int pa[2], pb[2];

	REQUIRE(fd_pipe(pa, &err) == 0 && fd_pipe(pb, &err) == 0);
	a.fd = pa[0];
	b.fd = pb[0];
	a.watch = b.other = loop_watch(l, pa[0], EPOLLIN, pause_other, &a,
				       &err);
	b.watch = a.other = loop_watch(l, pb[0], EPOLLIN, pause_other, &b,
				       &err);
	CHECK(write(pa[1], "x", 1) == 1 && write(pb[1], "x", 1) == 1);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_INT(strlen(trace), 1);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_INT(strlen(trace), 1);
	late = trace[0] == 'a' ? &b : &a;
	loop_watch_set(late->watch, EPOLLIN);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_INT(strlen(trace), 2);
	CHECK_STR(trace + 1, late->letter);
	loop_destroy(l);
}

/* epoll reports hang-ups unasked: that must not spin a loop that waits. */
static void a_paused_watch_is_deaf_to_hangups(void)
{
	struct loop *l = make();
	struct ear e = { .letter = "h" };
	struct err err;
	int ends[2];

	REQUIRE(fd_pipe(ends, &err) == 0);
	e.fd = ends[0];
	e.watch = loop_watch(l, ends[0], EPOLLIN, hear, &e, &err);
	loop_watch_set(e.watch, 0);
	close(ends[1]);
	loop_step(l, PASSED, &err);
	CHECK(!readable(l, 0));
	CHECK_STR(trace, "");
	loop_watch_set(e.watch, EPOLLIN);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_STR(trace, "h");
	CHECK(e.events & EPOLLHUP);
	loop_destroy(l);
}

static void more_than_a_batch_is_served(void)
{
	enum { MANY = 200 };
	static struct ear ears[MANY];
	struct loop *l = make();
	struct err err;
	int heard = 0;

	for (int i = 0; i < MANY; i++) {
		int ends[2];

		REQUIRE(fd_pipe(ends, &err) == 0);
		ears[i].fd = ends[0];
		ears[i].letter = "";
		loop_watch(l, ends[0], EPOLLIN, hear, &ears[i], &err);
		CHECK_INT(write(ends[1], "x", 1), 1);
	}
	for (int pass = 0; pass < 10; pass++)
		loop_step(l, PASSED, &err);
	for (int i = 0; i < MANY; i++)
		heard += ears[i].events != 0;
	CHECK_INT(heard, MANY);
	loop_destroy(l);
}

static void ended(void *arg, uint32_t events)
{
	*(bool *)arg = true;
}

static void a_child_is_a_descriptor(void)
{
	struct loop *l = make();
	bool done = false;
	struct err err;
	pid_t pid = fork();
	int pidfd, status;

	if (pid == 0)
		_exit(7);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	REQUIRE(pidfd >= 0);
	REQUIRE(loop_watch(l, pidfd, EPOLLIN, ended, &done, &err) != NULL);
	CHECK_INT(loop_until(l, &done, SOON, &err), 0);
	CHECK_INT(waitpid(pid, &status, WNOHANG), pid);
	CHECK_INT(WEXITSTATUS(status), 7);
	loop_destroy(l);
}

/* ---- passes ---- */

struct nested {
	struct loop *loop;
	int rc;
	bool running;
};

static void step_inside(void *arg)
{
	struct nested *n = arg;

	n->running = loop_running(n->loop);
	n->rc = loop_step(n->loop, PASSED, NULL);
}

static void refuses_to_step_in_a_callback(void)
{
	struct loop *l = make();
	struct nested n = { .loop = l };
	struct err err;

	loop_defer(l, step_inside, &n);
	CHECK_INT(loop_step(l, PASSED, &err), 0);
	CHECK_INT(n.rc, -ERR_REENTRANT);
	CHECK(n.running && !loop_running(l));
	loop_destroy(l);
}

static void until_ends_by_flag_or_deadline(void)
{
	struct loop *l = make();
	bool yes = true, no = false;
	struct err err;

	CHECK_INT(loop_until(l, &yes, PASSED, &err), 0);
	CHECK_INT(loop_until(l, &no, PASSED, &err), -ERR_DEADLINE);
	CHECK_INT(loop_until(l, &no, deadline_in_ms(3), &err), -ERR_DEADLINE);
	CHECK_STR(err.text, "the deadline has passed");
	loop_destroy(l);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(deferred_calls_run_on_the_next_pass),
		TEST(undone_calls_go_with_the_loop),
		TEST(a_pass_with_calls_does_not_wait),
		TEST(a_post_wakes_the_loop),
		TEST(timers_fire_by_deadline_then_sequence),
		TEST(a_timer_makes_the_loop_readable),
		TEST(a_stopped_timer_does_not_fire),
		TEST(a_busy_timer_starves_nobody),
		TEST(watches_until_unwatched),
		TEST(watch_reports_what_cannot_be_watched),
		TEST(removed_in_its_batch_is_not_called),
		TEST(paused_in_its_batch_waits),
		TEST(a_paused_watch_is_deaf_to_hangups),
		TEST(more_than_a_batch_is_served),
		TEST(a_child_is_a_descriptor),
		TEST(refuses_to_step_in_a_callback),
		TEST(until_ends_by_flag_or_deadline),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
