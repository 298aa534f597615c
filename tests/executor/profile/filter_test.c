/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter of the shipped profile, loaded into a real child: what must work,
 * what must be refused and how.
 */
#include "executor/profile/filter.h"

#include "executor/base/mem.h"
#include "executor/profile/hostile.h"
#include "executor/profile/profile.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHARE "sandbox-profiles"

static struct filter load(const char *name)
{
	struct filter f = { 0 };
	struct err err = { 0 };
	struct profile *p;

	REQUIRE(profile_load(&p, SHARE, name, &err) == 0);
	REQUIRE(filter_build(&f, p, &err) == 0);
	profile_destroy(p);
	return f;
}

static void enter(const struct filter *f)
{
	struct sock_fprog prog = { .len = f->len, .filter = f->code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		_exit(99);
}

/* errno of one call made behind the filter; 0 when it succeeded. */
static int try_call(const struct filter *f, long nr, const long *a)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		long rc;

		enter(f);
		rc = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
		_exit(rc < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define X32_CALL 0x40000000L

static const struct call_row {
	const char *what;
	long nr;
	long args[6];
	int want;
} calls[] = {
	{ "getpid", SYS_getpid, { 0 }, 0 },
	{ "clone3", SYS_clone3, { 0 }, ENOSYS },
	{ "io_uring", SYS_io_uring_setup, { 1 }, ENOSYS },
	{ "bpf", SYS_bpf, { 0 }, EPERM },
	{ "mount", SYS_mount, { 0 }, EPERM },
	{ "open_tree", SYS_open_tree, { 0 }, EPERM },
	{ "unshare", SYS_unshare, { CLONE_NEWUSER }, EPERM },
	{ "setns", SYS_setns, { 0 }, EPERM },
	{ "clone newuser", SYS_clone, { CLONE_NEWUSER | SIGCHLD }, EPERM },
	{ "clone newnet", SYS_clone, { CLONE_NEWNET | SIGCHLD }, EPERM },
	{ "clone two", SYS_clone, { CLONE_NEWNS | CLONE_NEWPID }, EPERM },
	{ "ptrace", SYS_ptrace, { 0 }, EPERM },
	{ "keyctl", SYS_keyctl, { 0 }, EPERM },
	{ "perf", SYS_perf_event_open, { 0 }, EPERM },
	{ "userfaultfd", SYS_userfaultfd, { 0 }, EPERM },
	{ "kexec", SYS_kexec_load, { 0 }, EPERM },
	{ "init_module", SYS_init_module, { 0 }, EPERM },
	{ "vmsplice", SYS_vmsplice, { 0 }, EPERM },
	{ "by handle", SYS_open_by_handle_at, { 0 }, EPERM },
	{ "swapon", SYS_swapon, { 0 }, EPERM },
	{ "tiocsti", SYS_ioctl, { 0, TIOCSTI }, EPERM },
	{ "tiocsti high bit", SYS_ioctl, { 0, TIOCSTI | 1L << 32 }, EPERM },
	{ "tioclinux", SYS_ioctl, { 0, TIOCLINUX }, EPERM },
	{ "other ioctl", SYS_ioctl, { -1, FIONREAD }, EBADF },
	{ "unix", SYS_socket, { AF_UNIX, SOCK_STREAM }, 0 },
	{ "inet", SYS_socket, { AF_INET, SOCK_DGRAM }, 0 },
	{ "inet6 bad type", SYS_socket, { AF_INET6, 77 }, EINVAL },
	{ "netlink", SYS_socket, { AF_NETLINK, SOCK_RAW }, EAFNOSUPPORT },
	{ "netlink high",
	  SYS_socket,
	  { AF_NETLINK | 1L << 32, SOCK_RAW },
	  EAFNOSUPPORT },
	{ "alg", SYS_socket, { 38, SOCK_SEQPACKET }, EAFNOSUPPORT },
	{ "vsock", SYS_socket, { 40, SOCK_STREAM }, EAFNOSUPPORT },
	{ "packet", SYS_socket, { 17, SOCK_RAW }, EAFNOSUPPORT },
	{ "prlimit self", SYS_prlimit64, { 0, 7, 0, 0 }, 0 },
	{ "prlimit 1", SYS_prlimit64, { 1, 0, 0, 0 }, EPERM },
	{ "personality ask", SYS_personality, { 0xffffffffL }, 0 },
	{ "no randomize", SYS_personality, { 0x0040000 }, ENOSYS },
	{ "unknown", 9999, { 0 }, ENOSYS },
	{ "x32 getpid", SYS_getpid | X32_CALL, { 0 }, ENOSYS },
	{ "x32 mount", SYS_mount | X32_CALL, { 0 }, ENOSYS },
	{ "seccomp", SYS_seccomp, { 0 }, EPERM },
	{ "memfd_secret", SYS_memfd_secret, { 0 }, ENOSYS },
};

static void each_call(void)
{
	struct filter f = load("default");

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		int got = try_call(&f, calls[i].nr, calls[i].args);

		if (!CHECK_INT(got, calls[i].want))
			tap_note("%s", calls[i].what);
	}
	filter_finish(&f);
}

#if defined(__x86_64__)
/* int 0x80 enters the i386 table: getpid is 20 there. */
static void i386_is_enosys(void)
{
	struct filter f = load("default");
	int status;
	pid_t pid = fork();

	if (!pid) {
		long rc;

		enter(&f);
		__asm__ volatile("int $0x80" : "=a"(rc) : "a"(20) : "memory");
		_exit(rc == -ENOSYS ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	CHECK_INT(status, 0);
	filter_finish(&f);
}
#endif

static int run_behind(const struct filter *f, const char *script)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		enter(f);
		execl("/usr/bin/bash", "bash", "-c", script, (char *)NULL);
		_exit(98);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

/* What the shipped languages and everyday tools do must pass. */
static const char *const scripts[] = {
	"echo hi | tr a-z A-Z | sort | wc -l >/dev/null",
	"/usr/bin/python3 -c 'import subprocess, threading, ssl, asyncio, "
	"multiprocessing, tempfile, socket; "
	"t=threading.Thread(target=lambda: 0); t.start(); t.join(); "
	"assert subprocess.run([\"/bin/true\"]).returncode == 0; "
	"asyncio.run(asyncio.sleep(0)); tempfile.TemporaryFile(); "
	"p=multiprocessing.Process(target=print); p.start(); p.join(); "
	"assert p.exitcode == 0' >/dev/null",
	"/usr/bin/node -e 'const {Worker}=require(\"worker_threads\"); "
	"require(\"child_process\").execSync(\"true\"); "
	"require(\"fs\").statSync(\"/\"); "
	"new Worker(\"1\", {eval: true}).on(\"exit\", c => process.exit(c))'",
	"d=$(mktemp -d) && cd $d && echo 'int main(void){return 0;}' >a.c && "
	"gcc -o a a.c && ./a && cp a.c b.cc && g++ -o b b.cc && ./b && "
	"ls -la >/dev/null && tar cf x.tar a && rm -r $d",
};

static void programs_work(void)
{
	struct filter f = load("agent");

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		if (!CHECK_INT(run_behind(&f, scripts[i]), 0))
			tap_note("%s", scripts[i]);
	filter_finish(&f);
}

static void every_hostile_name_is_known(void)
{
	for (const struct hostile_row *r = hostile_rows; r->name; r++)
		if (!CHECK(seccomp_syscall_resolve_name(r->name) !=
			   __NR_SCMP_ERROR))
			tap_note("%s", r->name);
}

static void stored_file_is_used_until_the_profile_changes(void)
{
	char dir[] = "/tmp/coop-filter-XXXXXX";
	char folder[64], path[96];
	struct filter f = load("default"), again = { 0 };
	struct err err = { 0 };
	struct profile *p;
	FILE *cut;

	REQUIRE(mkdtemp(dir));
	snprintf(folder, sizeof(folder), "%s/filters", dir);
	snprintf(path, sizeof(path), "%s/default.bpf", folder);
	REQUIRE(mkdir(folder, 0755) == 0);
	REQUIRE(profile_load(&p, SHARE, "default", &err) == 0);
	((struct sock_filter *)f.code)[5].k = SECCOMP_RET_ERRNO | 77;
	REQUIRE(filter_store(&f, p, path, &err) == 0);
	REQUIRE(filter_load(&again, dir, p, &err) == 0);
	CHECK_INT(((struct sock_filter *)again.code)[5].k,
		  SECCOMP_RET_ERRNO | 77);
	filter_finish(&again);

	p->syscalls[0].verdict = SYSCALL_EPERM;
	REQUIRE(filter_load(&again, dir, p, &err) == 0);
	CHECK_INT(((struct sock_filter *)again.code)[5].k,
		  SECCOMP_RET_ERRNO | EPERM);
	filter_finish(&again);

	cut = fopen(path, "r+");
	REQUIRE(cut && ftruncate(fileno(cut), 100) == 0);
	fclose(cut);
	CHECK_INT(filter_load(&again, dir, p, &err), -ERR_INVALID);
	CHECK(strstr(err.text, "damaged") != NULL);

	unlink(path);
	rmdir(folder);
	rmdir(dir);
	filter_finish(&f);
	profile_destroy(p);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(each_call),
#if defined(__x86_64__)
		TEST(i386_is_enosys),
#endif
		TEST(programs_work),
		TEST(every_hostile_name_is_known),
		TEST(stored_file_is_used_until_the_profile_changes),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
