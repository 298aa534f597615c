/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coop's own processes killed from outside: nothing of a box runs afterwards,
 * and what the dead left of cgroups goes when the next broker starts.
 */
#include "executor/base/fd.h"
#include "tests/executor/broker/jail_world.h"
#include "tests/tap.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Programs that outlive nothing: two sleepers, one daemonised. */
static bool start_sleepers(struct world *w, const char *mark)
{
	char script[128], said[3];
	int n = 0;
	const char *argv[] = { "bash", "-c", script, NULL };

	snprintf(script, sizeof(script),
		 "(setsid sleep %s &); sleep %s & echo up; wait", mark, mark);
	if (!world_start(w, argv) || read(w->pipe, said, 3) != 3)
		return false;
	/* three from then on, but one that execs has no command line */
	for (int i = 0; i < 3000 && n < 3; i++, usleep(10000))
		n = world_processes(mark);
	return n == 3;
}

static char id[WORLD_ID];

/* Remembers whose groups are looked for afterwards. */
static void remember(pid_t broker)
{
	world_broker_id(broker, id);
	REQUIRE(id[0]);
	if (getuid() == 0)
		CHECK(world_groups(id) > 0);
}

/* A new broker sweeps what the dead one left. */
static void check_swept(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	/* or another test's broker is at it just now */
	for (int i = 0; i < 2000 && world_groups(id); i++)
		usleep(10000);
	CHECK_INT(world_groups(id), 0);
	world_close(&w);
}

static void init_killed(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(start_sleepers(&w, world_mark()));
	pid_t nest = world_child(world_broker());
	/* the nest's children: init and the program; init is the elder */
	pid_t init = 0;
	for (pid_t p = world_child(nest), q; p; p = q) {
		char path[64];
		char text[64] = "";

		snprintf(path, sizeof(path), "/proc/%d/comm", p);
		FILE *f = fopen(path, "re");
		if (f && fgets(text, sizeof(text), f) &&
		    !strcmp(text, "init\n"))
			init = p;
		if (f)
			fclose(f);
		q = init ? 0 : p - 1;
		while (q > 0 && world_parent(q) != nest)
			q--;
	}
	REQUIRE(init > 0);
	CHECK(kill(init, SIGKILL) == 0);
	CHECK(world_all_gone(world_mark()));
	CHECK(!world_wait(&w) && w.lost);
	CHECK_INT(w.err.code, ERR_UNAVAILABLE);
	/* the same broker goes on */
	CHECK(world_box(&w, NULL, NULL, 0));
	CHECK(world_sh(&w, "echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void nest_killed(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(start_sleepers(&w, world_mark()));
	CHECK(kill(world_child(world_broker()), SIGKILL) == 0);
	CHECK(world_all_gone(world_mark()));
	CHECK(!world_wait(&w) && w.lost);
	/* the broker makes a new nest */
	CHECK(world_box(&w, NULL, NULL, 0));
	CHECK(world_sh(&w, "echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void broker_killed(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(start_sleepers(&w, world_mark()));
	remember(world_broker());
	CHECK(kill(world_broker(), SIGKILL) == 0);
	CHECK(world_all_gone(world_mark()));
	CHECK(!world_wait(&w) && w.lost);
	/* everything after it is an error, not a crash */
	CHECK(!world_box(&w, NULL, NULL, 0));
	CHECK_INT(w.err.code, ERR_UNAVAILABLE);
	world_close(&w);
	check_swept();
}

static void front_killed(void)
{
	int ready[2];
	char byte, mark[16];

	/* of this process, not of the front's */
	snprintf(mark, sizeof(mark), "%s", world_mark());
	REQUIRE(fd_pipe(ready, NULL) == 0);
	pid_t front = fork();
	if (front == 0) {
		struct world w;

		/* not inherited by what is to be killed last */
		signal(SIGPIPE, SIG_IGN);
		if (!world_open(&w, NULL, NULL) || !start_sleepers(&w, mark) ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	fd_close(&ready[1]);
	REQUIRE(read(ready[0], &byte, 1) == 1);
	pid_t broker = world_child(front), nest = world_child(broker);
	CHECK(broker > 0 && nest > 0);
	remember(broker);
	CHECK(kill(front, SIGKILL) == 0);
	waitpid(front, NULL, 0);
	CHECK(world_all_gone(mark));
	for (int i = 0; i < 3000 && (world_alive(broker) || world_alive(nest));
	     i++)
		usleep(10000);
	CHECK(!world_alive(broker));
	CHECK(!world_alive(nest));
	check_swept();
}

static void both_killed_at_once(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(start_sleepers(&w, world_mark()));
	pid_t broker = world_broker(), nest = world_child(broker);
	remember(broker);
	CHECK(kill(broker, SIGSTOP) == 0);
	CHECK(kill(nest, SIGKILL) == 0);
	CHECK(kill(broker, SIGKILL) == 0);
	CHECK(world_all_gone(world_mark()));
	world_close(&w);
	check_swept();
}

static void nothing_is_left_after_a_normal_end(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(start_sleepers(&w, world_mark()));
	remember(world_broker());
	world_close(&w);
	/* at once, not after a while */
	CHECK_INT(world_processes(world_mark()), 0);
	CHECK_INT(world_groups(id), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(init_killed),
		TEST(nest_killed),
		TEST(broker_killed),
		TEST(front_killed),
		TEST(both_killed_at_once),
		TEST(nothing_is_left_after_a_normal_end),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
