/* SPDX-License-Identifier: Apache-2.0 */
/* What a program finds in its box, and what it cannot do to it. */
#include "tests/executor/broker/jail_world.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct row {
	const char *script, *output;
};

static void check_rows(const struct row *rows, const struct limits *limits)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, limits));
	for (; rows->script; rows++) {
		CHECK(world_sh(&w, rows->script));
		if (strcmp(w.out.data, rows->output) != 0)
			tap_note("%s", rows->script);
		CHECK_STR(w.out.data, rows->output);
	}
	world_close(&w);
}

static void identity(void)
{
	static const struct row rows[] = {
		{ "id", "uid=1000(user) gid=1000(user) groups=1000(user)\n" },
		{ "hostname; pwd; echo $HOME",
		  "coop\n/workspace\n/workspace\n" },
		{ "grep -E '^(Uid|Gid|Groups|Cap|NoNew|Seccomp:|SigIgn|SigBlk)'"
		  " /proc/self/status | tr -s '\\t ' ' ' | "
		  /* where groups cannot be given up: the same once more */
		  "sed 's/^Groups: 1000/Groups:/'",
		  "Uid: 1000 1000 1000 1000\nGid: 1000 1000 1000 1000\n"
		  "Groups: \nSigBlk: 0000000000000000\n"
		  "SigIgn: 0000000000000000\n"
		  "CapInh: 0000000000000000\nCapPrm: 0000000000000000\n"
		  "CapEff: 0000000000000000\nCapBnd: 0000000000000000\n"
		  "CapAmb: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\n" },
		{ "umask", "0022\n" },
		{ "ls /proc/self/fd | tr '\\n' ' '", "0 1 2 3 " },
		{ "env | sort | grep -v '^_=\\|PWD\\|SHLVL'",
		  "HOME=/workspace\nLANG=C.UTF-8\n"
		  "PATH=/usr/local/bin:/usr/bin:/bin\n" },
		{ 0 },
	};

	check_rows(rows, NULL);
}

static void limits_of_a_process(void)
{
	static const struct row rows[] = {
		{ "ulimit -n; ulimit -Hn", "100\n100\n" },
		{ "ulimit -c; ulimit -f; ulimit -s", "0\n8192\n16384\n" },
		{ "ulimit -t; ulimit -l; ulimit -i", "4\n64\n1024\n" },
		{ 0 },
	};
	const struct limits limits = {
		.open_files = 100,
		.disk_bytes = 8 << 20,
		.stack_bytes = 16 << 20,
		.cpu_time_ms = 2500,
	};

	check_rows(rows, &limits);
}

static void files(void)
{
	static const struct row rows[] = {
		/* the host's links lib, lib64, … beside them */
		{ "ls -A / | grep -vx 'lib[0-9]*' | tr '\\n' ' '",
		  ".box bin dev etc proc sbin tmp usr workspace " },
		{ "ls -A /workspace /tmp /dev/shm | tr '\\n' ' '",
		  "/dev/shm:  /tmp:  /workspace: " },
		{ "stat -c '%a %U %n' /workspace /tmp /dev/shm",
		  "755 user /workspace\n1777 user /tmp\n"
		  "1777 user /dev/shm\n" },
		{ "ls /dev | tr '\\n' ' '",
		  "fd full null random shm stderr stdin stdout urandom zero " },
		{ "for d in / /usr /etc /dev /proc /.box /usr/bin; do "
		  "touch $d/x 2>/dev/null && echo $d; done; echo end",
		  "end\n" },
		{ "for f in /etc/passwd /usr/bin/env /dev/null; do "
		  "chmod 777 $f 2>/dev/null && echo $f; done; echo end",
		  "end\n" },
		{ "cat /etc/shadow /root/.bashrc /etc/hostname 2>/dev/null;"
		  " echo end",
		  "end\n" },
		{ "grep -c ' / ro,nosuid,nodev' /proc/self/mountinfo", "1\n" },
		/* whatever is mounted is nosuid, and read-only but for ours */
		{ "grep -vc nosuid /proc/self/mountinfo; grep -v ' ro,' "
		  "/proc/self/mountinfo | cut -d' ' -f5 | sort | "
		  "tr '\\n' ' '",
		  "0\n/dev/shm /proc /tmp /workspace " },
		{ "echo '#!/bin/sh\necho ran' > a; chmod 755 a; ./a", "ran\n" },
		{ "cp /usr/bin/id . ; chmod 4755 id; ./id -u", "1000\n" },
		{ "mknod x c 1 3 2>/dev/null; mount -t tmpfs x /tmp "
		  "2>/dev/null; umount /proc 2>/dev/null; ls x 2>&1 | "
		  "grep -c 'No such'",
		  "1\n" },
		{ 0 },
	};

	check_rows(rows, NULL);
}

static void processes(void)
{
	static const struct row rows[] = {
		{ "ls /proc | grep -c '^[0-9]'", "3\n" },
		{ "cat /proc/1/cmdline /proc/1/environ /proc/1/status "
		  "2>&1 | grep -vc 'No such file'",
		  "0\n" },
		{ "cat /proc/cmdline /proc/kallsyms /proc/keys "
		  "/proc/timer_list /proc/config.gz /proc/partitions "
		  "2>/dev/null | wc -c",
		  "0\n" },
		{ "grep -c ' /proc proc ro,\\| /proc ro,' "
		  "/proc/self/mountinfo",
		  "1\n" },
		{ "echo 1 > /proc/sys/kernel/core_pattern; echo c > "
		  "/proc/sysrq-trigger; echo end",
		  0 },
		/* nothing of the host's groups */
		{ "sed 's/.*://' /proc/self/cgroup | sort -u", "/\n" },
		{ "cat /proc/locks 2>/dev/null | wc -c", "0\n" },
		{ "cat /proc/sys/user/max_inotify_instances "
		  "/proc/sys/user/max_user_namespaces",
		  "16\n0\n" },
		{ "kill -KILL 1; kill -STOP 1; kill -TERM 1; echo end",
		  "end\n" },
		{ "unshare -U true 2>/dev/null || unshare -m true "
		  "2>/dev/null || echo refused",
		  "refused\n" },
		{ 0 },
	};
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	for (const struct row *r = rows; r->script; r++) {
		CHECK(world_sh(&w, r->script));
		if (r->output)
			CHECK_STR(w.out.data, r->output);
		else
			CHECK(strstr(w.out.data, "end\n"));
	}
	/* init is still there */
	CHECK(world_sh(&w, "echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void init_survives_its_neighbours(void)
{
	/* with the same uid: limits, priority, scheduler, affinity of pid 1 */
	static const char python[] =
		"exec python3 -c '\n"
		"import os, resource, signal\n"
		"def t(f, *a):\n"
		"    try: f(*a); return 1\n"
		"    except OSError: return 0\n"
		"print(t(resource.prlimit, 1, resource.RLIMIT_CPU, (0, 0)))\n"
		"print(t(resource.prlimit, 1, resource.RLIMIT_NOFILE, (1, 1)))\n"
		"for s in range(1, 65): t(os.kill, 1, s)\n"
		"t(os.setpriority, os.PRIO_PROCESS, 1, 19)\n"
		"for s in (15, 1, 2): t(os.kill, -1, signal.SIGCHLD)\n"
		"'";
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, python));
	CHECK_STR(w.out.data, "0\n0\n");
	CHECK(world_sh(&w, "echo alive"));
	CHECK_STR(w.out.data, "alive\n");
	world_close(&w);
}

static void network(void)
{
	static const struct row rows[] = {
		{ "cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' '",
		  "lo\n" },
		{ "tail -n +2 /proc/net/route | wc -l", "0\n" },
		{ "exec python3 -c '\n"
		  "import socket\n"
		  "s = socket.socket(); s.bind((\"127.0.0.1\", 0)); s.listen()\n"
		  "c = socket.create_connection(s.getsockname()); print(\"lo\")\n"
		  "for a in ((\"169.254.169.254\", 80), (\"8.8.8.8\", 53)):\n"
		  "    try: socket.create_connection(a, 2); print(\"out\")\n"
		  "    except OSError as e: print(e.strerror)'",
		  "lo\nNetwork is unreachable\nNetwork is unreachable\n" },
		{ 0 },
	};

	check_rows(rows, NULL);
}

static void boxes_do_not_see_each_other(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "echo secret > /tmp/s; echo secret > /dev/shm/s; "
			   "stat -c %d /tmp"));
	CHECK(world_box(&w, NULL, NULL, 0));
	CHECK(world_sh(&w, "ls -A /tmp /dev/shm /workspace | grep -c s$"));
	CHECK_STR(w.out.data, "0\n");
	world_close(&w);
}

static void descriptors_do_not_leak(void)
{
	static const struct row rows[] = {
		{ "exec python3 -c '\n"
		  "import os\n"
		  "l = []\n"
		  "for i in range(3, 256):\n"
		  "    try: os.fstat(i); l.append(os.readlink(f\"/proc/self/fd/{i}\"))\n"
		  "    except OSError: pass\n"
		  "print(l)'",
		  "[]\n" },
		{ 0 },
	};

	check_rows(rows, NULL);
}

static int instances_left(void)
{
	int fds[512], n = 0;

	while (n < 512 && (fds[n] = inotify_init1(IN_CLOEXEC)) >= 0)
		n++;
	for (int i = 0; i < n; i++)
		close(fds[i]);
	return n;
}

/* Kernel objects are charged to the makers of a namespace, too. */
static void the_user_of_the_machine_is_not_charged(void)
{
	static const char *const argv[] = {
		"python3", "-uc",
		"import ctypes, time\n"
		"libc = ctypes.CDLL(None)\n"
		"n = 0\n"
		"while libc.inotify_init1(0) >= 0: n += 1\n"
		"print(n)\n"
		"time.sleep(1000)",
		NULL
	};
	struct world w;
	char text[3] = "";

	REQUIRE(world_open(&w, NULL, NULL));
	int before = instances_left();
	REQUIRE(world_start(&w, argv));
	CHECK(read(w.pipe, text, 2) == 2);
	CHECK_STR(text, "16");
	/* others on the machine may take or give a few */
	if (getuid() == 0)
		CHECK(instances_left() > before - 10);
	world_close(&w);
}

/* SETUID SETGID SETPCAP SYS_ADMIN CHOWN DAC_OVERRIDE KILL, and no more. */
static void root_keeps_few_rights(void)
{
	char path[64], text[4096] = "";
	struct world w;

	if (getuid() != 0)
		return;
	REQUIRE(world_open(&w, NULL, NULL));
	snprintf(path, sizeof(path), "/proc/%d/status", world_broker());
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	CHECK(strstr(text, "CapInh:\t0000000000000000\n"));
	CHECK(strstr(text, "CapPrm:\t00000000002001e3\n"));
	CHECK(strstr(text, "CapEff:\t00000000002001e3\n"));
	CHECK(strstr(text, "CapBnd:\t00000000002001e3\n"));
	world_close(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(identity),
		TEST(limits_of_a_process),
		TEST(files),
		TEST(processes),
		TEST(init_survives_its_neighbours),
		TEST(network),
		TEST(boxes_do_not_see_each_other),
		TEST(descriptors_do_not_leak),
		TEST(the_user_of_the_machine_is_not_charged),
		TEST(root_keeps_few_rights),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
