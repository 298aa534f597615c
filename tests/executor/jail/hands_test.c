/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the hands do to a process, each in a child of its own: capabilities,
 * limits, filters, Landlock. Mounts and namespaces are seen from inside of real
 * boxes (broker/inside_test.c).
 */
#include "executor/jail/hands.h"

#include "executor/base/fd.h"
#include "executor/jail/caps.h"
#include "executor/jail/landlock.h"
#include "executor/jail/rlimits.h"
#include "executor/jail/sysfilter.h"
#include "tests/executor/jail/fixed_machine.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs fn in a child; its failed checks count, its restrictions do not last. */
static void in_child(void (*fn)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		fn();
		_exit(0);
	}
	waitpid(child, &status, 0);
	CHECK_INT(status, 0);
}

static void drop_caps(void)
{
	if (getuid() == 0)
		CHECK(caps_verify(NULL) < 0);
	CHECK(caps_drop(NULL) == 0);
	CHECK(caps_verify(NULL) == 0);
	/* a root without capabilities is nobody special */
	CHECK(chroot("/") < 0 && errno == EPERM);
	CHECK(open("/etc/shadow", O_RDWR | O_CLOEXEC) < 0 || getuid() == 0);
	CHECK(caps_no_new_privs(NULL) == 0);
}

static void capabilities(void)
{
	if (getuid() != 0)
		tap_skip("the bounding set can be emptied by root only");
	in_child(drop_caps);
}

static void set_limits(void)
{
	struct rlimit r;
	struct err err = { 0 };

	CHECK(rlimits_set("NOFILE", 32, NULL) == 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &r) == 0);
	CHECK(r.rlim_cur == 32 && r.rlim_max == 32);
	/* never raised: without privilege that would be an error */
	CHECK(rlimits_set("NOFILE", 64, NULL) == 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &r) == 0);
	CHECK(r.rlim_cur == 32 && r.rlim_max == 32);
	CHECK(rlimits_set("CORE", 0, NULL) == 0);
	CHECK_INT(rlimits_set("NONSENSE", 1, &err), -ERR_UNKNOWN);
	CHECK(strstr(err.text, "NONSENSE"));
}

static void limits(void)
{
	in_child(set_limits);
}

static void under_init_filter(void)
{
	/* what init never calls does not exist; checks print, so collect */
	int bad = 0;

	if (caps_no_new_privs(NULL) || sysfilter_load_init(true, NULL))
		_exit(99);
	bad |= syscall(SYS_socket, AF_INET, SOCK_STREAM, 0) != -1 ||
	       errno != ENOSYS;
	bad |= (syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY) != -1 ||
		errno != ENOSYS)
	       << 1;
	bad |= (syscall(SYS_clone, 0, 0, 0, 0, 0) != -1 || errno != ENOSYS)
	       << 2;
	bad |= (syscall(SYS_execve, "/bin/true", NULL, NULL) != -1 ||
		errno != ENOSYS)
	       << 3;
	bad |= (syscall(SYS_ptrace, 0, 0, 0, 0) != -1 || errno != ENOSYS) << 4;
	/* x32 numbers and nonsense */
	bad |= (syscall(0x40000000 | SYS_close, 0) != -1 || errno != ENOSYS)
	       << 5;
	bad |= (syscall(100000) != -1 || errno != ENOSYS) << 6;
	/* and what it calls does */
	bad |= (close(-1) != -1 || errno != EBADF) << 7;
	_exit(bad & 0xff);
}

static void filter_of_init(void)
{
	in_child(under_init_filter);
}

static char folder[] = "/tmp/coop-landlock-XXXXXX";

static void under_landlock(void)
{
	struct machine m;
	char path[200];

	machine_probe(&m);
	int rules = landlock_begin(m.landlock_abi, NULL);
	CHECK(rules >= 0);
	CHECK(landlock_allow(rules, m.landlock_abi, "/usr", "read", NULL) == 0);
	CHECK(landlock_allow(rules, m.landlock_abi, folder, "write", NULL) ==
	      0);
	CHECK_INT(landlock_allow(rules, m.landlock_abi, "/no/such", "read",
				 NULL),
		  -ERR_SYSTEM);
	CHECK(caps_no_new_privs(NULL) == 0);
	CHECK(landlock_enforce(rules, NULL) == 0);
	fd_close(&rules);
	snprintf(path, sizeof(path), "%s/a", folder);
	CHECK(mkdir(path, 0755) == 0);
	snprintf(path, sizeof(path), "%s/b", folder);
	CHECK(mkdir(path, 0755) == 0);
	/* across folders, too */
	char from[220], to[220];
	snprintf(from, sizeof(from), "%s/f", folder);
	snprintf(to, sizeof(to), "%s/b/f", folder);
	CHECK(open(from, O_CREAT | O_RDWR | O_CLOEXEC, 0600) >= 0);
	CHECK(rename(from, to) == 0);
	CHECK(open("/usr/bin/env", O_RDONLY | O_CLOEXEC) >= 0);
	/* even for root: neither elsewhere nor more than was given */
	CHECK(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0);
	CHECK_INT(errno, EACCES);
	CHECK(open("/usr/x", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) < 0);
	CHECK_INT(errno, EACCES);
	CHECK(mkdir("/tmp/coop-beside", 0755) < 0);
}

static void second_wall(void)
{
	struct machine m;
	const char *const argv[] = { "rm", "-rf", folder, NULL };

	machine_probe(&m);
	if (m.landlock_abi < LANDLOCK_ABI_MIN)
		return tap_note("no Landlock here");
	REQUIRE(mkdtemp(folder));
	in_child(under_landlock);
	pid_t child = fork();
	if (child == 0) {
		execv("/bin/rm", (char *const *)argv);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

/* A failing step says which it was. */
static void failing_step(void)
{
	static struct plan plan;
	struct hands h = { .host = -1, .ruleset = -1, .report = -1 };
	struct err err = { 0 };

	plan.steps[0] = (struct step){ STEP_RLIMIT, NULL, "CORE", 0, 0 };
	plan.steps[1] = (struct step){ STEP_CWD, "/no/such/folder", NULL, 0,
				       0 };
	plan.steps[2] = (struct step){ STEP_RLIMIT, NULL, "NOFILE", 0, 0 };
	plan.count = 3;
	plan.first[PLAN_PHASES] = 3;
	CHECK(hands_run(&plan, PLAN_PROCESS, &h, &err) < 0);
	CHECK_STR(err.field, "process/cwd");
	CHECK(strstr(err.text, "/no/such/folder"));
	/* the one after it was not run */
	CHECK(fcntl(0, F_DUPFD_CLOEXEC, 10) >= 10);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(capabilities), TEST(limits),       TEST(filter_of_init),
		TEST(second_wall),  TEST(failing_step), { 0 },
	};

	return tap_main(tests, argc, argv);
}
