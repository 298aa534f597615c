/* SPDX-License-Identifier: Apache-2.0 */
/* What the proxy's processes can still do, tried after they are sealed. */
#include "executor/egress/seal.h"

#include "executor/base/mem.h"
#include "executor/jail/uids.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEALED 100 /* exit status: the seal itself failed */

/* Bits of what worked although it must not, or did not although it must. */
enum {
	CAN_READ = 1 << 0,
	CAN_WRITE = 1 << 1,
	CAN_FORK = 1 << 2,
	CAN_EXEC = 1 << 3,
	CAN_UNIX = 1 << 4,
	CAN_INET = 1 << 5,
	CAN_MAP_CODE = 1 << 6
};

static bool opens(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool makes_socket(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool forks(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

static bool execs(void)
{
	char *argv[] = { (char *)"true", NULL };

	/* it would end with 0, which is none of the answers here */
	execve("/usr/bin/true", argv, argv + 1);
	return errno == 0;
}

static int look(void)
{
	int can = 0;
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	can |= opens("/etc/hosts", O_RDONLY) ? CAN_READ : 0;
	can |= opens("/tmp/coop-seal-test", O_WRONLY | O_CREAT) ? CAN_WRITE : 0;
	can |= opens("/etc/hosts", O_RDWR) ? CAN_WRITE : 0;
	can |= makes_socket(AF_UNIX) ? CAN_UNIX : 0;
	can |= makes_socket(AF_INET) ? CAN_INET : 0;
	can |= code != MAP_FAILED ? CAN_MAP_CODE : 0;
	can |= forks() ? CAN_FORK : 0;
	can |= execs() ? CAN_EXEC : 0;
	return can;
}

/* What a sealed child can do; SEALED when it could not be sealed. */
static int sealed(enum seal_view view, int (*what)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (seal_enter(view, NULL))
			_exit(SEALED);
		_exit(what());
	}
	REQUIRE(waitpid(pid, &status, 0) == pid);
	REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void proxy_has_sockets_only(void)
{
	CHECK_INT(sealed(SEAL_PROXY, look), CAN_INET);
}

static void resolver_reads(void)
{
	CHECK_INT(sealed(SEAL_RESOLVER, look),
		  CAN_INET | CAN_UNIX | CAN_READ | CAN_FORK | CAN_MAP_CODE);
}

static int read_elsewhere(void)
{
	static const char *const paths[] = {
		"/proc/self/status", "/usr/bin", "/root", "/home",
		"/dev/null",         "/opt",     "/sys",  "/run/coop"
	};
	int can = 0;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		can += opens(paths[i], O_RDONLY);
	return can;
}

static void resolver_reads_nothing_else(void)
{
	/* without Landlock the uid is what keeps it from what is private */
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
		tap_skip("no Landlock");
	CHECK_INT(sealed(SEAL_RESOLVER, read_elsewhere), 0);
}

static int bad_calls(void)
{
	int can = 0;

	can += kill(getppid(), 0) == 0;
	can += syscall(SYS_ptrace, 0, 0, 0, 0) == 0;
	can += unshare(CLONE_NEWUSER) == 0;
	can += syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0;
	can += syscall(SYS_memfd_create, "x", 0) >= 0;
	can += syscall(SYS_socket, AF_PACKET, SOCK_RAW, 0) >= 0;
	can += syscall(SYS_openat2, AT_FDCWD, "/etc/hosts", NULL, 0) >= 0;
	can += listen(socket(AF_INET, SOCK_STREAM, 0), 1) == 0;
	return can;
}

static void neither_does_worse(void)
{
	CHECK_INT(sealed(SEAL_PROXY, bad_calls), 0);
	CHECK_INT(sealed(SEAL_RESOLVER, bad_calls), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(proxy_has_sockets_only),
		TEST(resolver_reads),
		TEST(resolver_reads_nothing_else),
		TEST(neither_does_worse),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
