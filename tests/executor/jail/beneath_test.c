/* SPDX-License-Identifier: Apache-2.0 */
/* Every path twice: by openat2, and walked, with the call taken away. */
#include "executor/jail/beneath.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct row {
	const char *path;
	int flags;
	int by_call, by_hand; /* errno; 0: opens */
};

static const struct row rows[] = {
	{ "file", O_RDONLY, 0, 0 },
	{ "a/b/file", O_RDONLY, 0, 0 },
	{ "a//b///file", O_RDONLY, 0, 0 },
	{ "a/./b/file", O_RDONLY, 0, 0 },
	{ "a/b", O_RDONLY | O_DIRECTORY, 0, 0 },
	{ "a/b/", O_RDONLY | O_DIRECTORY, 0, 0 },
	{ ".", O_PATH | O_DIRECTORY, 0, 0 },
	{ "a/b/new", O_WRONLY | O_CREAT | O_EXCL, 0, 0 },
	{ "none", O_RDONLY, ENOENT, ENOENT },
	{ "a/none/file", O_RDONLY, ENOENT, ENOENT },
	{ "file/file", O_RDONLY, ENOTDIR, ENOTDIR },
	{ "a/b/file", O_WRONLY | O_CREAT | O_EXCL, EEXIST, EEXIST },
	/* the last part is never a link */
	{ "out", O_RDONLY, ELOOP, ELOOP },
	{ "near", O_RDONLY, ELOOP, ELOOP },
	{ "away", O_RDONLY, ELOOP, ELOOP },
	{ "made-by-link", O_WRONLY | O_CREAT, ELOOP, ELOOP },
	/* no other leads out; walked, none leads anywhere */
	{ "near/b/file", O_RDONLY, 0, ENOTDIR },
	{ "up/secret", O_RDONLY, EXDEV, ENOTDIR },
	{ "away/passwd", O_RDONLY, EXDEV, ENOTDIR },
	{ "away/none", O_WRONLY | O_CREAT, EXDEV, ENOTDIR },
	{ "../secret", O_RDONLY, EXDEV, EXDEV },
	{ "a/../../secret", O_RDONLY, EXDEV, EXDEV },
	{ "..", O_PATH | O_DIRECTORY, EXDEV, EXDEV },
	{ "a/..", O_PATH | O_DIRECTORY, 0, EXDEV },
};

static char top[200];

static void make_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	REQUIRE(fd >= 0);
	close(fd);
}

/* top/secret, and top/in/ with what the rows name. */
static int make_tree(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(top, sizeof(top), "%s/coop-beneath.XXXXXX",
		 tmp ? tmp : "/tmp");
	REQUIRE(mkdtemp(top));
	int above = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	make_file(above, "secret");
	REQUIRE(mkdirat(above, "in", 0700) == 0);
	int dir = openat(above, "in", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	make_file(dir, "file");
	REQUIRE(mkdirat(dir, "a", 0700) == 0);
	REQUIRE(mkdirat(dir, "a/b", 0700) == 0);
	make_file(dir, "a/b/file");
	REQUIRE(symlinkat("../secret", dir, "out") == 0);
	REQUIRE(symlinkat("a", dir, "near") == 0);
	REQUIRE(symlinkat("..", dir, "up") == 0);
	REQUIRE(symlinkat("/etc", dir, "away") == 0);
	REQUIRE(symlinkat("none", dir, "made-by-link") == 0);
	close(above);
	return dir;
}

static void remove_tree(int dir)
{
	static const char *const names[] = {
		"in/a/b/file", "in/a/b/new", "in/a/b", "in/a",
		"in/out",      "in/near",    "in/up",  "in/away",
		"in/file",     "in",         "secret", "in/made-by-link",
		"in",
	};
	char path[300];

	close(dir);
	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", top, names[i]);
		remove(path);
	}
	/* nothing was made but what the rows say */
	CHECK(remove(top) == 0);
}

static void check(bool by_call)
{
	int dir = make_tree();

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct open_how how = {
			.flags = (uint64_t)(r->flags | O_NOFOLLOW | O_CLOEXEC),
			.mode = r->flags & O_CREAT ? 0600 : 0,
			.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
		};
		int fd = beneath_open(dir, r->path, &how);
		int got = fd < 0 ? errno : 0;

		if (got != (by_call ? r->by_call : r->by_hand))
			tap_note("%s", r->path);
		CHECK_INT(got, by_call ? r->by_call : r->by_hand);
		if (fd >= 0)
			CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		fd_close(&fd);
	}
	remove_tree(dir);
}

static void take_away(int call)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { ARRAY_LEN(code), code };

	REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0);
}

static void by_the_call(void)
{
	check(true);
}

static void by_hand(void)
{
	take_away(SYS_openat2);
	check(false);
}

static void from_the_root(void)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	struct stat by_call, walked;
	int fd = beneath_open(AT_FDCWD, "/usr/bin", &how);

	REQUIRE(fd >= 0 && fstat(fd, &by_call) == 0);
	close(fd);
	take_away(SYS_openat2);
	fd = beneath_open(AT_FDCWD, "/usr/bin", &how);
	REQUIRE(fd >= 0 && fstat(fd, &walked) == 0);
	close(fd);
	CHECK(by_call.st_ino == walked.st_ino);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(by_the_call),
		TEST(by_hand),
		TEST(from_the_root),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
