/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 of the broker at each step of the plan: wherever it was, no process is
 * left, and what is left of groups goes when the next Coop starts.
 */
#include "tests/executor/broker/jail_world.h"
#include "tests/executor/broker/stepping.h"
#include "tests/tap.h"

#include "executor/jail/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct stepping *shared;
static char folder[200], state[240], file[280];

static void prepare(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/coop-steps.XXXXXX",
		 tmp ? tmp : "/tmp");
	REQUIRE(mkdtemp(folder));
	snprintf(state, sizeof(state), "%s/state", folder);
	snprintf(file, sizeof(file), STEPPING_FILE, state);
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	REQUIRE(fd >= 0 && ftruncate(fd, sizeof(*shared)) == 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED,
		      fd, 0);
	REQUIRE(shared != MAP_FAILED);
	close(fd);
	setenv("COOP_STATE", state, 1);
	setenv("WORLD_BROKER", tap_build("tests/executor/broker/stepping_prog"),
	       1);
	/* what loses its parent becomes ours, so that none can hide */
	REQUIRE(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	shared->phase = shared->index = -1;
}

/* A front whose one program runs to its end, if it is let. */
static pid_t start_front(void)
{
	pid_t front = fork();

	if (front == 0) {
		struct world w;

		if (world_open(&w, NULL, NULL))
			world_sh(&w, "exit 7");
		_exit(world_status(&w) == 7 ? 7 : 0);
	}
	return front;
}

/* Waits until no descendant lives, at most 20 s; status of `front` or -1. */
static int reap_all(pid_t front, bool *all)
{
	int status, result = -1;

	for (int i = 0; i < 4000; i++) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		*all = pid < 0 && errno == ECHILD;
		if (*all)
			break;
		if (pid == 0)
			usleep(5000);
		if (pid == front)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	}
	return result;
}

static bool stands(void)
{
	for (int i = 0; i < 20000; i++) {
		if (__atomic_load_n(&shared->reached, __ATOMIC_ACQUIRE))
			return true;
		usleep(1000);
	}
	return false;
}

/* A Coop as it is installed, which sweeps. */
static void check_swept(const char *id)
{
	pid_t front = fork();
	bool all;

	if (front == 0) {
		struct world w;

		unsetenv("WORLD_BROKER");
		if (!world_open(&w, NULL, NULL) || !world_sh(&w, "exit 7"))
			_exit(1);
		for (int i = 0; i < 200 && world_groups(id); i++)
			usleep(10000);
		world_close(&w);
		_exit(7);
	}
	CHECK_INT(reap_all(front, &all), 7);
	CHECK(all);
	CHECK_INT(world_groups(id), 0);
}

static void kill_at(int phase, int index)
{
	char id[WORLD_ID];
	bool all = false;

	shared->phase = phase;
	shared->index = index;
	__atomic_store_n(&shared->reached, 0, __ATOMIC_RELEASE);
	pid_t front = start_front();
	bool there = stands();
	CHECK(there);
	world_broker_id(shared->broker, id);
	CHECK(id[0] != '\0');
	CHECK(kill(shared->broker, SIGKILL) == 0);
	CHECK_INT(reap_all(front, &all), 0);
	CHECK(all);
	check_swept(id);
	if (!all || !there)
		tap_note("phase %d, step %d", phase, index);
}

/* All of the dead is gone from the state folder, too. */
static void remove_all(void)
{
	static const char *const names[] = { "/brokers", "/uids" };
	char path[300];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s", state, names[i]);
		CHECK(remove(path) == 0 || errno == ENOENT);
	}
	CHECK(remove(state) == 0);
	CHECK(remove(file) == 0 && remove(folder) == 0);
}

static void kill_in(enum plan_phase phase)
{
	bool all;

	prepare();
	CHECK_INT(reap_all(start_front(), &all), 7);
	REQUIRE(all);
	for (int i = shared->first[phase]; i < shared->end[phase]; i++)
		kill_at((int)phase, i);
	tap_note("%d steps", shared->end[phase] - shared->first[phase]);
	/* without groups there is none of that phase */
	CHECK(phase == PLAN_GROUP || shared->end[phase] > shared->first[phase]);
	remove_all();
}

static void at_each_step_of_the_root(void)
{
	kill_in(PLAN_ROOT);
}

static void at_each_step_of_a_box(void)
{
	kill_in(PLAN_BOX);
}

static void at_each_limit_of_its_group(void)
{
	kill_in(PLAN_GROUP);
}

static void at_each_step_of_a_process(void)
{
	kill_in(PLAN_PROCESS);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST_SLOW(at_each_step_of_the_root, 200),
		TEST_SLOW(at_each_step_of_a_box, 200),
		TEST_SLOW(at_each_limit_of_its_group, 200),
		TEST_SLOW(at_each_step_of_a_process, 200),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
