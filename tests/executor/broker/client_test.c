/* SPDX-License-Identifier: Apache-2.0 */
/* Programs in real boxes: how they start, how they end, what ends them. */
#include "executor/broker/client.h"

#include "executor/base/fd.h"
#include "tests/executor/broker/jail_world.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool latched(const struct world *w, enum reason r)
{
	for (unsigned i = 0; i < w->end.reason_count; i++)
		if (w->end.reasons[i] == r)
			return true;
	return false;
}

/* Without root or in a container some walls may be missing. */
static bool has(const struct world *w, enum wall wall)
{
	return !(w->info.missing & 1U << wall);
}

static void exit_statuses(void)
{
	static const struct {
		const char *script;
		int status;
	} rows[] = {
		{ "exit 0", 0 },
		{ "exit 7", 7 },
		{ "exit 255", 255 },
		{ "kill -TERM $$", -SIGTERM },
		{ "kill -SEGV $$", -SIGSEGV },
		{ "kill -KILL $$", -SIGKILL },
	};
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	/* one box, one program after the other */
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(world_sh(&w, rows[i].script));
		CHECK_INT(world_status(&w), rows[i].status);
		CHECK_INT(w.end.reason_count, 0);
		CHECK(!w.end.leftover && !w.end.oom_kill);
		CHECK(w.end.wall_ns > 0 && w.end.cpu_ns > 0);
		if (has(&w, WALL_CGROUP_MEMORY) && has(&w, WALL_CGROUP_PIDS))
			CHECK(w.end.memory_peak > 0 &&
			      w.end.processes_peak >= 1);
	}
	world_close(&w);
}

static void refusals(void)
{
	const struct {
		const char *name;
		enum err_code code;
	} rows[] = {
		{ "no-such-program", ERR_NOT_FOUND },
		{ "/no/such/program", ERR_NOT_FOUND },
		{ "/etc/passwd", ERR_FORBIDDEN },
		{ "/tmp", ERR_FORBIDDEN },
		{ "/workspace/text", ERR_FORBIDDEN },
	};
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "echo nonsense > text; chmod 755 text"));
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *argv[] = { rows[i].name, NULL };

		CHECK(!world_run(&w, argv));
		CHECK(w.failed);
		CHECK_INT(w.err.code, rows[i].code);
	}
	/* and the box still works */
	CHECK(world_sh(&w, "echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void wall_time(void)
{
	const struct limits limits = { .time_ms = tap_slow(300) };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "trap '' TERM INT; sleep 1000 & sleep 1000"));
	CHECK_INT(world_status(&w), -SIGKILL);
	CHECK(latched(&w, REASON_TIME));
	CHECK(w.end.wall_ns >= 300000000);
	CHECK(!w.end.leftover);
	world_close(&w);
}

static void stopped_program_meets_its_deadline(void)
{
	const struct limits limits = { .time_ms = tap_slow(300) };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "kill -STOP $$"));
	CHECK_INT(world_status(&w), -SIGKILL);
	CHECK(latched(&w, REASON_TIME));
	world_close(&w);
}

static void cpu_time_of_the_tree(void)
{
	const struct limits limits = { .cpu_time_ms = 300, .time_ms = 60000 };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "while :; do :; done & while :; do :; done"));
	CHECK_INT(world_status(&w), -SIGKILL);
	CHECK(latched(&w, REASON_CPU));
	CHECK(!latched(&w, REASON_TIME));
	CHECK(w.end.cpu_ns >= 300000000);
	/* two processes, at most 5 ms late each, and generously more; without
	 * a group each process has its own limit, in seconds */
	CHECK(w.end.cpu_ns <
	      (has(&w, WALL_CGROUP_CPUACCT) ? 1 : 4) * 1000000000LL);
	world_close(&w);
}

static void memory_hog(void)
{
	const struct limits limits = { .memory_bytes = 96 << 20,
				       .disk_bytes = 16 << 20 };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "exec python3 -c 'x = bytearray(1 << 30)'"));
	if (has(&w, WALL_CGROUP_MEMORY)) {
		CHECK_INT(world_status(&w), -SIGKILL);
		CHECK(w.end.oom_kill);
		CHECK(w.end.memory_at_limit);
		CHECK(w.end.memory_peak <= 96 << 20);
	} else {
		CHECK_INT(world_status(&w), 1); /* MemoryError */
	}
	/* counters begin anew with the next program */
	CHECK(world_sh(&w, "exit 3"));
	CHECK_INT(world_status(&w), 3);
	CHECK(!w.end.oom_kill);
	CHECK(!w.end.memory_at_limit);
	world_close(&w);
}

static void files_count_as_memory_and_leave_init_alive(void)
{
	const struct limits limits = { .memory_bytes = 64 << 20,
				       .disk_bytes = 63 << 20 };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "head -c 60M /dev/zero > x; "
			   "exec python3 -c 'x = bytearray(1 << 30)'"));
	CHECK(w.end.oom_kill == has(&w, WALL_CGROUP_MEMORY));
	CHECK(world_sh(&w, "rm -f x; echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void disk_and_inodes(void)
{
	const struct limits limits = { .disk_bytes = 8 << 20, .files = 100 };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "for i in 1 2 3; do head -c 4M /dev/zero > "
			   "/tmp/$i || echo full; done 2>&1 | grep -c full"));
	CHECK_STR(w.out.data, "1\n");
	CHECK(world_sh(&w, "rm /tmp/*; for i in $(seq 200); do : > $i || "
			   "break; done 2>/dev/null; ls | wc -l"));
	CHECK_STR(w.out.data, "100\n");
	world_close(&w);
}

static void fork_bomb(void)
{
	const struct limits limits = { .time_ms = tap_slow(1000),
				       .processes = 40 };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	char script[100];
	snprintf(script, sizeof(script),
		 "bomb() { bomb | bomb & }; bomb; sleep %s", world_mark());
	CHECK(world_sh(&w, script));
	if (has(&w, WALL_CGROUP_PIDS)) {
		CHECK(w.end.processes_peak > 1 && w.end.processes_peak <= 40);
		CHECK(latched(&w, REASON_PROCESSES));
	}
	CHECK(!w.end.leftover);
	CHECK_INT(world_processes(world_mark()), 0);
	/* its own limit again: killing had set it to 0 */
	CHECK(world_sh(&w, "echo $(echo alive)"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void daemons_die_with_the_program(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	char script[100];
	snprintf(script, sizeof(script),
		 "for i in 1 2 3 4; do (setsid sleep %s &); done; exit 5",
		 world_mark());
	CHECK(world_sh(&w, script));
	CHECK_INT(world_status(&w), 5);
	CHECK(w.end.wall_ns < 20000000000ULL);
	CHECK_INT(world_processes(world_mark()), 0);
	CHECK(!w.end.leftover);
	world_close(&w);
}

static void kill_from_outside(void)
{
	const char *const argv[] = { "sleep", world_mark(), NULL };
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(world_start(&w, argv));
	/* one program at a time */
	w.settled = false;
	const struct broker_program p = {
		.argv = argv,
		.env = argv + 2,
		.stdio = { 0, 1, 2 },
	};
	CHECK(broker_box_start(w.box, &p, NULL) == 0);
	world_until(&w, &w.settled);
	CHECK(w.failed);
	CHECK_INT(w.err.code, ERR_CONFLICT);
	w.failed = false;
	CHECK(broker_box_kill(w.box, REASON_CANCELLED, NULL) == 0);
	CHECK(world_wait(&w));
	CHECK_INT(world_status(&w), -SIGKILL);
	CHECK(latched(&w, REASON_CANCELLED));
	world_close(&w);
	CHECK_INT(world_processes(world_mark()), 0);
}

static void ending_a_box_kills_what_runs(void)
{
	const char *const argv[] = { "sleep", world_mark(), NULL };
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	REQUIRE(world_start(&w, argv));
	CHECK_INT(world_processes(world_mark()), 1);
	broker_box_end(w.box);
	CHECK(world_all_gone(world_mark()));
	/* the broker makes another */
	CHECK(world_box(&w, NULL, NULL, 0));
	CHECK(world_sh(&w, "exit 9"));
	CHECK_INT(world_status(&w), 9);
	world_close(&w);
}

static void what_is_refused_before_a_box(void)
{
	const struct limits huge = { .memory_bytes = 1ULL << 50 };
	struct world w;

	CHECK(!world_open(&w, "no-such-profile", NULL));
	CHECK_INT(w.err.code, ERR_UNKNOWN);
	CHECK(!world_box(&w, "../default", NULL, 0));
	CHECK(w.err.code != ERR_NONE);
	CHECK(!world_box(&w, "default", &huge, 0));
	CHECK_INT(w.err.code, ERR_INVALID);
	CHECK_STR(w.err.field, "memory");
	if (getuid() == 0) {
		CHECK(world_box(&w, "default", NULL, 1));
		CHECK_INT(w.info.tier, 1);
	}
	world_close(&w);
}

static void refused_calls_have_a_name(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "true"));
	CHECK_STR(w.end.denied_syscall, "");
	CHECK(world_sh(&w, "unshare -U true 2>&1; exec python3 -c '"
			   "import os; os.sync()'"));
	CHECK_STR(w.end.denied_syscall, "unshare");
	CHECK_INT(world_status(&w), 0);
	/* each program anew; a flood does not hang anybody */
	CHECK(world_sh(&w, "exec python3 -c '\n"
			   "import ctypes, os\n"
			   "c = ctypes.CDLL(None).sync\n"
			   "if os.fork(): os.wait()\n"
			   "for i in range(100000): c()\n"
			   "print(\"through\")'"));
	CHECK_STR(w.end.denied_syscall, "sync");
	CHECK_STR(w.out.data, "through\nthrough\n");
	/* waiting for an answer does not protect from the deadline */
	CHECK(world_sh(&w, "kill -KILL $$"));
	CHECK_STR(w.end.denied_syscall, "");
	world_close(&w);
}

/* The letter that carries the listener passes a filter that refuses all
 * sockets; programs do not. */
static void a_profile_that_refuses_sockets(void)
{
	static const char conf[] = "version = 1\n[profile]\n"
				   "inherit = default\nsummary = x\n"
				   "[syscalls]\neperm = @sockets\n";
	char share[] = "/tmp/coop-share-XXXXXX", path[100];
	const char *const copy[] = { "cp", "-r", NULL, share, NULL };
	const char *argv[5];
	struct world w;

	REQUIRE(mkdtemp(share));
	memcpy(argv, copy, sizeof(argv));
	snprintf(path, sizeof(path), "%s/.", tap_build("share/coop"));
	argv[2] = path;
	pid_t child = fork();
	if (child == 0) {
		execvp("cp", (char *const *)argv);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	snprintf(path, sizeof(path), "%s/profiles/nosock.conf", share);
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	CHECK(fd_write_all(fd, conf, sizeof(conf) - 1, NULL) == 0);
	fd_close(&fd);
	setenv("WORLD_SHARE", share, 1);
	if (!world_open(&w, "nosock", NULL))
		tap_note("%s", w.err.text);
	else
		CHECK(world_sh(&w, "exec python3 -c '\n"
				   "import socket\n"
				   "try: socket.socketpair()\n"
				   "except OSError as e: print(e.strerror)'"));
	CHECK_STR(w.out.data, "Operation not permitted\n");
	CHECK(!strncmp(w.end.denied_syscall, "socket", 6));
	world_close(&w);
	child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", share, NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

static void many_boxes_at_once(void)
{
	enum { COUNT = 24 };
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	for (int i = 1; i < COUNT; i++)
		CHECK(world_box(&w, i % 2 ? "agent" : "default", NULL, 0));
	CHECK(world_sh(&w, "id -u; hostname"));
	CHECK_STR(w.out.data, "1000\ncoop\n");
	world_close(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(exit_statuses),
		TEST(refusals),
		TEST(wall_time),
		TEST(stopped_program_meets_its_deadline),
		TEST(cpu_time_of_the_tree),
		TEST(memory_hog),
		TEST(files_count_as_memory_and_leave_init_alive),
		TEST(disk_and_inodes),
		TEST(fork_bomb),
		TEST(daemons_die_with_the_program),
		TEST(kill_from_outside),
		TEST(ending_a_box_kills_what_runs),
		TEST(what_is_refused_before_a_box),
		TEST(refused_calls_have_a_name),
		TEST(a_profile_that_refuses_sockets),
		TEST(many_boxes_at_once),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
