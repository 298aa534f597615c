/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both drivers against a tree of plain files, where every content can be had,
 * and against this machine's own hierarchies, where the kernel answers.
 */
#include "executor/jail/cgroup.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "tests/executor/jail/fixed_machine.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct machine machine;
static struct cgroup_root root;
static char top[] = "/tmp/coop-cgroup-XXXXXX";

/* ---- a tree of plain files ---- */

static void fake_tree(int version)
{
	char path[600];

	fixed_machine(&machine);
	REQUIRE(mkdtemp(top));
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		struct machine_controller *c = &machine.controllers[i];
		/* cpu and cpuacct share a hierarchy, as on most v1 hosts */
		const char *name = i == CONTROLLER_CPUACCT ? "cpu"
							   : controller_name(i);

		c->version = version;
		snprintf(c->path, sizeof(c->path), "%s/%s", top,
			 version == 1 ? name : "v2");
		mkdir(c->path, 0755);
	}
	snprintf(machine.v2_root, sizeof(machine.v2_root), "%s/v2", top);
	snprintf(machine.v2_path, sizeof(machine.v2_path), "%s/v2", top);
	snprintf(path, sizeof(path), "%s/v2/cgroup.subtree_control", top);
	if (version == 2)
		close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void put(int dir, const char *file, const char *text)
{
	int fd = openat(dir, file, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC,
			0644);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	fd_close(&fd);
}

static void check_file(int dir, const char *file, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	CHECK(fd_slurp_path(dir, file, &b, NULL) == 0);
	CHECK_STR(b.data, want);
	buf_finish(&b);
}

static void remove_tree(void)
{
	char command[100];
	const char *const argv[] = { "rm", "-rf", top, NULL };

	snprintf(command, sizeof(command), "%s", top);
	pid_t child = fork();
	if (child == 0) {
		execv("/bin/rm", (char *const *)argv);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

static int dir_of(const struct cgroup *cg, enum controller c)
{
	return cg->fd[cg->root->place[c]];
}

static void fake_v1(void)
{
	struct cgroup *cg;
	struct cgroup_usage u;

	fake_tree(1);
	cgroup_root_plan(&root, &machine, "abc");
	REQUIRE(root.driver);
	CHECK_STR(root.driver->name, "v1");
	CHECK_INT(root.count, 4);
	CHECK(strstr(root.path[0], "/memory/coop-abc"));
	REQUIRE(cgroup_root_create(&root, 0, NULL) == 0);
	REQUIRE(cgroup_create(&cg, &root, "box", NULL) == 0);
	int memory = dir_of(cg, CONTROLLER_MEMORY);
	int pids = dir_of(cg, CONTROLLER_PIDS);
	int cpu = dir_of(cg, CONTROLLER_CPU);
	/* a file that is not there is an error that names it */
	struct err err = { 0 };
	CHECK(cgroup_limit(cg, "pids.max", 7, &err) < 0);
	CHECK(strstr(err.text, "pids.max"));
	put(memory, "memory.limit_in_bytes", "");
	put(memory, "memory.memsw.limit_in_bytes", "");
	put(pids, "pids.max", "");
	put(cpu, "cpu.cfs_period_us", "");
	put(cpu, "cpu.cfs_quota_us", "");
	CHECK(cgroup_limit(cg, "memory.max", 1 << 20, NULL) == 0);
	CHECK(cgroup_limit(cg, "memory.swap", 0, NULL) == 0);
	CHECK(cgroup_limit(cg, "pids.max", 64, NULL) == 0);
	CHECK(cgroup_limit(cg, "cpu.milli", 1500, NULL) == 0);
	CHECK(cgroup_limit(cg, "nonsense", 1, NULL) == -ERR_UNKNOWN);
	check_file(memory, "memory.limit_in_bytes", "1048576");
	check_file(memory, "memory.memsw.limit_in_bytes", "1048576");
	check_file(pids, "pids.max", "64");
	check_file(cpu, "cpu.cfs_quota_us", "150000");
	/* nothing readable: not known, not zero */
	cgroup_usage(cg, &u);
	CHECK(u.cpu_ns == -1 && u.memory_peak == -1 && u.processes_peak == -1);
	CHECK(!u.oom_kill && !u.memory_at_limit && !u.fork_refused);
	put(cpu, "cpuacct.usage", "5000\n");
	put(memory, "memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
	put(memory, "memory.max_usage_in_bytes", "1048576\n");
	put(pids, "pids.events", "max 3\n");
	put(pids, "pids.peak", "9\n");
	cgroup_begin(cg);
	put(cpu, "cpuacct.usage", "7500\n");
	put(memory, "memory.max_usage_in_bytes", "1000000\n");
	cgroup_usage(cg, &u);
	CHECK_INT(u.cpu_ns, 2500);
	CHECK_INT(u.processes_peak, 9);
	CHECK(!u.oom_kill && !u.fork_refused);
	put(memory, "memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
	put(pids, "pids.events", "max 4\n");
	cgroup_usage(cg, &u);
	CHECK(u.oom_kill && u.memory_at_limit && u.fork_refused);
	cgroup_destroy(cg);
	remove_tree();
}

static void fake_v2(void)
{
	struct cgroup *cg;
	struct cgroup_usage u;

	fake_tree(2);
	cgroup_root_plan(&root, &machine, "abc");
	REQUIRE(root.driver);
	CHECK_STR(root.driver->name, "v2");
	CHECK_INT(root.count, 1);
	/* without its files the root cannot be made, and nothing is left */
	CHECK(cgroup_root_create(&root, 0, NULL) < 0);
	CHECK(!root.driver);
	cgroup_root_plan(&root, &machine, "abc");
	CHECK(access(root.path[0], F_OK) < 0 && errno == ENOENT);
	REQUIRE(mkdir(root.path[0], 0755) == 0);
	root.fd[0] = open(root.path[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
	REQUIRE(cgroup_create(&cg, &root, "box", NULL) == 0);
	int dir = cg->fd[0];
	put(dir, "memory.max", "");
	put(dir, "memory.swap.max", "");
	put(dir, "pids.max", "");
	put(dir, "cpu.max", "");
	CHECK(cgroup_limit(cg, "memory.max", 1 << 20, NULL) == 0);
	CHECK(cgroup_limit(cg, "memory.swap", 0, NULL) == 0);
	CHECK(cgroup_limit(cg, "pids.max", 64, NULL) == 0);
	CHECK(cgroup_limit(cg, "cpu.milli", 500, NULL) == 0);
	check_file(dir, "memory.swap.max", "0");
	check_file(dir, "cpu.max", "50000 100000");
	put(dir, "cpu.stat", "usage_usec 10\nuser_usec 5\n");
	put(dir, "memory.events.local", "low 0\noom 0\noom_kill 1\n");
	put(dir, "pids.events", "max 0\n");
	put(dir, "memory.peak", "4096\n");
	cgroup_begin(cg);
	put(dir, "cpu.stat", "usage_usec 30\nuser_usec 5\n");
	cgroup_usage(cg, &u);
	CHECK_INT(u.cpu_ns, 20000);
	CHECK_INT(u.memory_peak, 4096);
	CHECK(!u.oom_kill && !u.memory_at_limit);
	/* an ancestor's shortage: killed, but its own limit untouched */
	put(dir, "memory.events.local", "low 0\noom 0\noom_kill 2\n");
	cgroup_usage(cg, &u);
	CHECK(u.oom_kill && !u.memory_at_limit);
	put(dir, "memory.events.local", "low 0\noom 1\noom_kill 3\n");
	cgroup_usage(cg, &u);
	CHECK(u.oom_kill && u.memory_at_limit);
	cgroup_destroy(cg);
	remove_tree();
}

static void no_controllers_no_driver(void)
{
	fixed_machine(&machine);
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		machine.controllers[i].writable = false;
	cgroup_root_plan(&root, &machine, "abc");
	CHECK(!root.driver);
	CHECK_INT(root.count, 0);
	/* v2 with nothing but what every v2 group has still kills and counts */
	fixed_machine(&machine);
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		machine.controllers[i].version = i < CONTROLLER_CPUACCT ? 0 : 2;
	cgroup_root_plan(&root, &machine, "abc");
	CHECK(root.driver && root.has[CONTROLLER_FREEZER]);
	CHECK(!root.has[CONTROLLER_MEMORY]);
}

/* ---- the kernel's ---- */

static void own_id(char id[32])
{
	snprintf(id, 32, "test%d", getpid());
}

/* A child that is in all groups before this returns: one that came in later
 * would survive the kill of an empty group. */
static pid_t sleeper(const int *attach, int count)
{
	int ends[2];
	char said;

	REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
	pid_t child = fork();
	if (child == 0) {
		for (int i = 0; i < count; i++)
			if (write(attach[i], "0", 1) < 0)
				_exit(1);
		while (write(ends[1], "x", 1) != 1)
			;
		for (;;)
			pause();
	}
	close(ends[1]);
	CHECK(read(ends[0], &said, 1) == 1);
	close(ends[0]);
	return child;
}

/* Kills by passes, reaping, as the broker does. */
static bool kill_all(struct cgroup *cg)
{
	for (int i = 0; i < 30000; i++) {
		if (cgroup_kill(cg))
			return true;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		usleep(1000);
	}
	return false;
}

static bool real_root(int version)
{
	char id[32];

	machine_probe(&machine);
	if (!machine.root)
		tap_skip("needs root");
	if (machine.controllers[CONTROLLER_PIDS].version != version)
		return false;
	own_id(id);
	cgroup_root_plan(&root, &machine, id);
	REQUIRE(root.driver);
	REQUIRE(cgroup_root_create(&root, getuid(), NULL) == 0);
	return true;
}

static void wait_members(const struct cgroup *cg)
{
	for (int i = 0; i < 30000 && cgroup_empty(cg); i++)
		usleep(1000);
	CHECK(!cgroup_empty(cg));
}

static void real_v1(void)
{
	struct cgroup *cg;
	struct cgroup_usage u;
	int fds[CONTROLLER_COUNT];

	if (!real_root(1))
		return tap_note("no v1 here");
	REQUIRE(cgroup_create(&cg, &root, "box", NULL) == 0);
	CHECK(cgroup_limit(cg, "pids.max", 3, NULL) == 0);
	CHECK(cgroup_limit(cg, "memory.max", 16 << 20, NULL) == 0);
	CHECK(cgroup_empty(cg));
	CHECK(cgroup_kill(cg)); /* of nobody */
	CHECK(cgroup_limit(cg, "pids.max", 3, NULL) == 0);
	int n = cgroup_attach_open(cg, 0, fds, NULL);
	CHECK_INT(n, root.count);
	cgroup_begin(cg);
	for (int i = 0; i < 3; i++)
		sleeper(fds, n);
	wait_members(cg);
	cgroup_usage(cg, &u);
	CHECK(u.cpu_ns >= 0 && u.memory_peak >= 0 && u.processes_peak >= 1);
	/* frozen processes die, too */
	CHECK(cgroup_freeze(cg, true, NULL) == 0);
	CHECK(kill_all(cg));
	CHECK(cgroup_empty(cg));
	/* unreaped ones may hold a hierarchy whose list is empty already */
	while (wait(NULL) > 0)
		;
	for (int i = 0; i < n; i++)
		fd_close(&fds[i]);
	CHECK(cgroup_destroy(cg));
	CHECK(cgroup_destroy(NULL));
	CHECK(cgroup_root_destroy(&root));
}

/* A child that says that it runs before it waits for its end; -1: it died. */
static pid_t born_in(int group)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP,
				   .exit_signal = SIGCHLD,
				   .cgroup = (uint64_t)group };
	char said = 0;
	int ends[2];

	REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
	pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (child == 0) {
		while (write(ends[1], "x", 1) != 1)
			;
		for (;;)
			pause();
	}
	fd_close(&ends[1]);
	CHECK(read(ends[0], &said, 1) == 1);
	fd_close(&ends[0]);
	return said ? child : -1;
}

/* A hybrid machine's v2 tree has no controllers, but everything else. */
static void real_v2(void)
{
	struct cgroup *cg;
	struct cgroup_usage u;
	int fds[CONTROLLER_COUNT];
	char id[32];

	machine_probe(&machine);
	if (!machine.root)
		tap_skip("needs root");
	if (!machine.v2_root[0])
		return tap_note("no v2 here");
	own_id(id);
	memset(&root, 0, sizeof(root));
	for (int i = 0; cgroup_drivers[i]; i++)
		if (!strcmp(cgroup_drivers[i]->name, "v2"))
			root.driver = cgroup_drivers[i];
	root.has[CONTROLLER_CPUACCT] = root.has[CONTROLLER_FREEZER] = true;
	root.count = 1;
	snprintf(root.path[0], sizeof(root.path[0]), "%s/coop-%s",
		 machine.v2_root, id);
	REQUIRE(cgroup_root_create(&root, 4711, NULL) == 0);
	REQUIRE(cgroup_create(&cg, &root, "box", NULL) == 0);
	CHECK(cgroup_empty(cg));
	int n = cgroup_attach_open(cg, 4711, fds, NULL);
	CHECK_INT(n, 1);
	struct stat st;
	CHECK(fstatat(cg->fd[0], "cgroup.procs", &st, 0) == 0);
	CHECK_INT(st.st_uid, 4711);
	cgroup_begin(cg);
	pid_t child = born_in(fds[0]);
	REQUIRE(child > 0);
	wait_members(cg);
	cgroup_usage(cg, &u);
	CHECK(u.cpu_ns >= 0);
	CHECK(cgroup_freeze(cg, true, NULL) == 0);
	CHECK(kill_all(cg));
	CHECK(cgroup_empty(cg));
	/* the next program in the same group is not killed at birth */
	cgroup_begin(cg);
	CHECK(waitpid(born_in(fds[0]), NULL, WNOHANG) == 0);
	CHECK(kill_all(cg));
	fd_close(&fds[0]);
	CHECK(cgroup_destroy(cg));
	CHECK(cgroup_root_destroy(&root));
}

static void sweep(void)
{
	struct cgroup *cg;
	int fds[CONTROLLER_COUNT];

	CHECK(!cgroup_sweep("/tmp", 10));
	CHECK(!cgroup_sweep("/tmp/notcoop-x", 10));
	CHECK(!cgroup_sweep("coop-x", 10));
	CHECK(cgroup_sweep("/no/such/coop-x", 10));
	if (!real_root(1))
		return tap_note("no v1 here");
	REQUIRE(cgroup_create(&cg, &root, "box", NULL) == 0);
	int n = cgroup_attach_open(cg, 0, fds, NULL);
	signal(SIGCHLD, SIG_IGN);
	pid_t child = sleeper(fds, n);
	wait_members(cg);
	CHECK(cgroup_freeze(cg, true, NULL) == 0);
	for (unsigned i = 0; i < root.count; i++)
		cgroup_sweep_thaw(root.path[i]);
	for (unsigned i = 0; i < root.count; i++) {
		CHECK(cgroup_sweep(root.path[i], 5000));
		CHECK(access(root.path[i], F_OK) < 0);
	}
	CHECK(kill(child, 0) < 0 && errno == ESRCH);
	for (int i = 0; i < n; i++)
		fd_close(&fds[i]);
	cgroup_destroy(cg);
	cgroup_root_destroy(&root);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(fake_v1), TEST(fake_v2), TEST(no_controllers_no_driver),
		TEST(real_v1), TEST(real_v2), TEST(sweep),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
