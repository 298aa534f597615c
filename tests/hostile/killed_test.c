/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases 69 and 70: clients that vanish and processes of Coop that are killed,
 * at any moment. Nothing runs on, and the next Coop leaves no group.
 */
#include "tests/hostile/hostile_child.h"
#include "tests/hostile/hostile_host.h"
#include "tests/tap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GONE_MS 10000
#define FAMILY_MAX 256

/* Processes in sessions of their own, deaf, more and more of them. */
static const char program[] =
	"trap '' HUP TERM INT; "
	"for i in 1 2 3; do (setsid bash -c \"trap '' HUP TERM; "
	"sleep 1000 & sleep 1000\" &); done; "
	"echo up; while :; do sleep 0.02 & wait; done";

static void begin(struct hostile_host *h)
{
	static char build[4096];
	struct err err = { 0 };

	snprintf(build, sizeof(build), "%s", tap_build(""));
	if (!CHECK(hostile_host_open(h, build, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	hostile_child_adopt();
}

static void start(struct hostile_child *c)
{
	const char *const argv[] = { tap_build("bin/coop"),
				     "exec",
				     "--",
				     "/usr/bin/bash",
				     "-c",
				     program,
				     NULL };

	REQUIRE(hostile_child_start(c, argv, NULL, false) == 0);
}

static void wait_until_up(struct hostile_child *c)
{
	char text[4] = "";

	REQUIRE(read(c->out, text, 3) == 3);
	CHECK_STR(text, "up\n");
}

/* All that came of `pid`, elders first. */
static unsigned family(pid_t pid, pid_t *out)
{
	unsigned n = 1;

	out[0] = pid;
	for (unsigned i = 0; i < n && n < FAMILY_MAX; i++)
		n += hostile_child_children(out[i], out + n, FAMILY_MAX - n);
	return n;
}

/* Reaps the front and sees that all it started goes by itself. */
static void all_gone(struct hostile_child *c, const char *what)
{
	struct hostile_end end;
	struct buf names;

	hostile_child_wait(c, deadline_in_ms(tap_slow(GONE_MS)), &end);
	buf_init(&names, 4096);
	if (!CHECK(!end.late))
		tap_note("%s killed: the front did not end", what);
	if (!CHECK(hostile_child_leftovers(deadline_in_ms(tap_slow(GONE_MS)),
					   &names) == 0))
		tap_note("%s killed: %s", what, names.data);
	buf_finish(&names);
	hostile_end_finish(&end);
}

/* The next Coop works and takes away what the dead left of groups. */
static void next_one_cleans(struct hostile_host *h)
{
	const char *const argv[] = { tap_build("bin/coop"), "exec",  "--",
				     "/usr/bin/echo",       "works", NULL };
	struct hostile_child c;
	struct hostile_end end;
	struct buf faults;

	REQUIRE(hostile_child_start(&c, argv, NULL, false) == 0);
	hostile_child_wait(&c, deadline_in_ms(tap_slow(60000)), &end);
	CHECK_STR(end.out.data, "works\n");
	CHECK_STR(end.err.data, "");
	hostile_end_finish(&end);
	buf_init(&faults, 65536);
	CHECK_INT(hostile_child_leftovers(deadline_in_ms(tap_slow(GONE_MS)),
					  &faults),
		  0);
	hostile_host_groups(h, &faults);
	CHECK_STR(faults.data, "");
	buf_finish(&faults);
}

/* The n-th of the family while the program runs: front, broker, nest, and
 * what the nest has. */
static void kill_nth(unsigned n, const char *what)
{
	struct hostile_host h;
	struct hostile_child c;
	struct buf before, after, faults;
	pid_t pids[FAMILY_MAX];

	begin(&h);
	buf_init(&before, 4U << 20);
	buf_init(&after, 4U << 20);
	buf_init(&faults, 65536);
	hostile_host_picture(&h, &before);
	start(&c);
	wait_until_up(&c);
	REQUIRE(family(c.pid, pids) > n + 1);
	CHECK(kill(pids[n], SIGKILL) == 0);
	all_gone(&c, what);
	next_one_cleans(&h);
	hostile_host_picture(&h, &after);
	hostile_host_compare(&before, &after, &faults);
	CHECK_STR(faults.data, "");
	buf_finish(&before);
	buf_finish(&after);
	buf_finish(&faults);
	hostile_host_close(&h);
}

static void front_killed(void)
{
	kill_nth(0, "the front");
}

static void broker_killed(void)
{
	kill_nth(1, "the broker");
}

static void nest_killed(void)
{
	kill_nth(2, "the nest");
}

static void first_of_the_box_killed(void)
{
	kill_nth(3, "the first process of the box");
}

/* A front that stands still must not keep its box alive beyond the limit. */
static void front_stopped(void)
{
	char time[16];
	const char *const argv[] = {
		tap_build("bin/coop"), "exec", "--time", time, "--",
		"/usr/bin/bash",       "-c",   program,  NULL
	};
	struct hostile_host h;
	struct hostile_child c;
	pid_t pids[FAMILY_MAX];
	struct deadline until = deadline_in_ms(tap_slow(GONE_MS));

	snprintf(time, sizeof(time), "%ums", tap_slow(500));
	begin(&h);
	REQUIRE(hostile_child_start(&c, argv, NULL, false) == 0);
	wait_until_up(&c);
	CHECK(kill(c.pid, SIGSTOP) == 0);
	/* front, broker, nest, init stay; the program does not */
	while (family(c.pid, pids) > 4 && !deadline_passed(until))
		usleep(10000);
	CHECK(family(c.pid, pids) <= 4);
	CHECK(kill(c.pid, SIGCONT) == 0);
	all_gone(&c, "nobody");
	next_one_cleans(&h);
	hostile_host_close(&h);
}

/* Anybody of the family at any moment, from before it exists to its end. */
static void killed_at_any_moment(void)
{
	struct hostile_host h;
	unsigned seed = (unsigned)getpid();

	tap_note("seed %u", seed);
	srandom(seed);
	begin(&h);
	for (int i = 0; i < 60; i++) {
		struct hostile_child c;
		pid_t pids[FAMILY_MAX];
		char what[64];
		unsigned n, victim;
		long wait_us = random() % 30000;

		start(&c);
		usleep((useconds_t)wait_us);
		n = family(c.pid, pids);
		victim = (unsigned)random() % n;
		snprintf(what, sizeof(what), "number %u of %u after %ld us",
			 victim, n, wait_us);
		kill(pids[victim], SIGKILL);
		/* a program of the box alone would let the others live on */
		if (victim > 2)
			kill(c.pid, SIGKILL);
		all_gone(&c, what);
	}
	next_one_cleans(&h);
	hostile_host_close(&h);
}

/* Many clients at a time, all of which go without a word. */
static void storm_of_disconnects(void)
{
	enum { AT_A_TIME = 12, ROUNDS = 6 };
	struct hostile_child c[AT_A_TIME];
	struct hostile_host h;

	begin(&h);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < AT_A_TIME; i++)
			start(&c[i]);
		for (int i = 0; i < AT_A_TIME; i++) {
			usleep(2000);
			kill(c[i].pid, round % 2 ? SIGKILL : SIGHUP);
		}
		for (int i = 0; i < AT_A_TIME; i++) {
			struct hostile_end end;

			hostile_child_wait(&c[i],
					   deadline_in_ms(tap_slow(60000)),
					   &end);
			CHECK(!end.late);
			hostile_end_finish(&end);
		}
	}
	struct buf names;
	buf_init(&names, 4096);
	CHECK_INT(hostile_child_leftovers(deadline_in_ms(tap_slow(GONE_MS)),
					  &names),
		  0);
	CHECK_STR(names.data, "");
	buf_finish(&names);
	next_one_cleans(&h);
	hostile_host_close(&h);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(front_killed),
		TEST(broker_killed),
		TEST(nest_killed),
		TEST(first_of_the_box_killed),
		TEST(front_stopped),
		TEST_SLOW(killed_at_any_moment, 300),
		TEST_SLOW(storm_of_disconnects, 300),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
