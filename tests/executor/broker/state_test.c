/* SPDX-License-Identifier: Apache-2.0 */
/* The state folder: whose it must be, and what a sweep may touch. */
#include "executor/broker/state.h"

#include "executor/base/fd.h"
#include "executor/jail/cgroup.h"
#include "executor/jail/machine.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char top[] = "/tmp/coop-state-XXXXXX";
static struct machine machine;

static const char *below(const char *name)
{
	static char path[4][300];
	static unsigned at;
	char *p = path[at++ % 4];

	snprintf(p, 300, "%s/%.200s", top, name);
	return p;
}

static void begin(void)
{
	REQUIRE(mkdtemp(top));
	setenv("COOP_STATE", below("s"), 1);
	machine.root = getuid() == 0;
}

static void end(void)
{
	const char *const argv[] = { "rm", "-rf", top, NULL };
	pid_t child = fork();

	if (child == 0) {
		execv("/bin/rm", (char *const *)argv);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

static void made_and_removed(void)
{
	struct state a, b;
	struct stat st;

	begin();
	REQUIRE(state_open(&a, &machine, NULL) == 0);
	REQUIRE(state_open(&b, &machine, NULL) == 0);
	CHECK(strcmp(a.id, b.id) != 0);
	CHECK(stat(below("s/brokers"), &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0700);
	CHECK(access(a.owner, F_OK) == 0);
	state_close(&a, 1);
	CHECK(access(a.owner, F_OK) < 0);
	/* not clean: the name stays for a sweep */
	state_close(&b, 0);
	CHECK(access(b.owner, F_OK) == 0);
	end();
}

static void folders_of_others_are_refused(void)
{
	struct state s;
	struct err err = { 0 };

	begin();
	REQUIRE(mkdir(below("real"), 0755) == 0);
	REQUIRE(symlink(below("real"), below("s")) == 0);
	CHECK_INT(state_open(&s, &machine, &err), -ERR_FORBIDDEN);
	CHECK(err.remedy[0]);
	unlink(below("s"));
	REQUIRE(mkdir(below("s"), 0777) == 0);
	chmod(below("s"), 0777);
	CHECK_INT(state_open(&s, &machine, &err), -ERR_FORBIDDEN);
	chmod(below("s"), 0755);
	if (getuid() == 0) {
		CHECK(chown(below("s"), 4711, 4711) == 0);
		CHECK_INT(state_open(&s, &machine, &err), -ERR_FORBIDDEN);
		CHECK(chown(below("s"), 0, 0) == 0);
	}
	CHECK(state_open(&s, &machine, NULL) == 0);
	state_close(&s, 1);
	end();
}

static void write_file(const char *path, const char *text, bool old)
{
	const struct timespec ago[2] = { { .tv_sec = time(NULL) - 3600 },
					 { .tv_sec = time(NULL) - 3600 } };
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	if (old)
		futimens(fd, ago);
	fd_close(&fd);
}

/* Folders stand in for groups: a sweep removes them by the same calls. */
static void what_a_sweep_removes(void)
{
	struct state s, living;
	char text[2000];

	begin();
	REQUIRE(state_open(&s, &machine, NULL) == 0);
	REQUIRE(state_open(&living, &machine, NULL) == 0);
	mkdir(below("coop-dead"), 0755);
	mkdir(below("coop-dead/box"), 0755);
	mkdir(below("coop-other"), 0755);
	mkdir(below("precious"), 0755);
	mkdir(below("coop-living"), 0755);
	/* only lines that end in the owner's own name are believed */
	snprintf(text, sizeof(text),
		 "%s/coop-dead\n%s/precious\n%s/coop-other\n/\n\n%s", top, top,
		 top, "/no/such/coop-dead");
	write_file(below("s/brokers/dead"), text, false);
	write_file(below("s/brokers/young"), "", false);
	write_file(below("s/brokers/aged"), "", true);
	snprintf(text, sizeof(text), "%s/coop-%s\n", top, living.id);
	CHECK(fd_write_all(living.owner_fd, text, strlen(text), NULL) == 0);
	snprintf(text, sizeof(text), "coop-%s", living.id);
	mkdir(below(text), 0755);
	CHECK_INT(state_sweep(&s, 10), 2);
	CHECK(access(below("coop-dead"), F_OK) < 0);
	CHECK(access(below("s/brokers/dead"), F_OK) < 0);
	CHECK(access(below("coop-other"), F_OK) == 0);
	CHECK(access(below("precious"), F_OK) == 0);
	/* locked: alive; young and empty: about to be locked */
	CHECK(access(below(text), F_OK) == 0);
	CHECK(access(living.owner, F_OK) == 0);
	CHECK(access(below("s/brokers/young"), F_OK) == 0);
	CHECK(access(below("s/brokers/aged"), F_OK) < 0);
	/* after its death, too; what is busy keeps its name */
	snprintf(text + strlen(text), 100, "/file");
	write_file(below(text), "", false);
	state_close(&living, 0);
	CHECK_INT(state_sweep(&s, 10), 0);
	CHECK(access(living.owner, F_OK) == 0);
	unlink(below(text));
	CHECK_INT(state_sweep(&s, 10), 1);
	CHECK(access(living.owner, F_OK) < 0);
	state_close(&s, 1);
	end();
}

static void a_lock_ends_with_the_last_process(void)
{
	struct state s;
	int ready[2];
	char byte;

	begin();
	REQUIRE(fd_pipe(ready, NULL) == 0);
	pid_t child = fork();
	if (child == 0) {
		struct state dead;
		int rc = state_open(&dead, &machine, NULL);

		(void)!write(ready[1], &rc, 1);
		pause();
		_exit(0);
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	REQUIRE(state_open(&s, &machine, NULL) == 0);
	CHECK_INT(state_sweep(&s, 10), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	state_close(&s, 1);
	end();
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(made_and_removed),
		TEST(folders_of_others_are_refused),
		TEST(what_a_sweep_removes),
		TEST(a_lock_ends_with_the_last_process),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
