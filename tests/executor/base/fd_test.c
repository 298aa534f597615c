/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors: made close-on-exec, read and written whole. */
#include "executor/base/fd.h"

#include "executor/base/buf.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static bool closes_on_exec(int fd)
{
	return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

static void all_are_close_on_exec(void)
{
	struct err err;
	int a[2], b[2], memfd;

	REQUIRE(fd_pipe(a, &err) == 0);
	REQUIRE(fd_socketpair(b, &err) == 0);
	memfd = fd_memfd("test", "x", 1, &err);
	REQUIRE(memfd >= 0);
	CHECK(closes_on_exec(a[0]) && closes_on_exec(a[1]));
	CHECK(closes_on_exec(b[0]) && closes_on_exec(b[1]));
	CHECK(closes_on_exec(memfd));
}

static void close_keeps_errno_and_forgets(void)
{
	struct err err;
	int ends[2], copy;

	REQUIRE(fd_pipe(ends, &err) == 0);
	copy = ends[0];
	errno = ERANGE;
	fd_close(&ends[0]);
	fd_close(&ends[0]);
	CHECK_INT(errno, ERANGE);
	CHECK_INT(ends[0], -1);
	CHECK_INT(fcntl(copy, F_GETFD), -1);
	copy = ends[1];
	CHECK_INT(fd_take(&ends[1]), copy);
	CHECK_INT(ends[1], -1);
	{
		_auto_close_ int fd = copy;

		CHECK(fcntl(fd, F_GETFD) >= 0);
	}
	CHECK_INT(fcntl(copy, F_GETFD), -1);
}

static void sets_nonblock(void)
{
	struct err err;
	char c;
	int ends[2];

	REQUIRE(fd_pipe(ends, &err) == 0);
	CHECK_INT(fd_set_nonblock(ends[0], true, &err), 0);
	CHECK_INT(read(ends[0], &c, 1), -1);
	CHECK_INT(errno, EAGAIN);
	CHECK_INT(fd_set_nonblock(ends[0], false, &err), 0);
	CHECK(!(fcntl(ends[0], F_GETFL) & O_NONBLOCK));
	CHECK_INT(fd_set_nonblock(-1, true, &err), -ERR_SYSTEM);
}

/* More than a pipe holds, in odd pieces, so both sides meet short counts. */
static void writes_and_reads_all(void)
{
	static char data[300000], back[300001];
	struct err err;
	int ends[2], status;
	pid_t pid;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 31);
	REQUIRE(fd_pipe(ends, &err) == 0);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		_exit(fd_write_all(ends[1], data, sizeof(data), &err) != 0);
	}
	close(ends[1]);
	CHECK_INT(fd_read_all(ends[0], back, 7, &err), 7);
	CHECK_INT(fd_read_all(ends[0], back + 7, sizeof(back) - 7, &err),
		  sizeof(data) - 7);
	CHECK(memcmp(data, back, sizeof(data)) == 0);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
	CHECK_INT(fd_write_all(-1, "x", 1, &err), -ERR_SYSTEM);
	CHECK_INT(fd_read_all(-1, back, 1, &err), -ERR_SYSTEM);
}

static void slurps_up_to_the_maximum(void)
{
	struct err err;
	struct buf out;
	int fd = fd_memfd("test", "0123456789", 10, &err);

	REQUIRE(fd >= 0);
	buf_init(&out, 12);
	buf_puts(&out, ">>");
	CHECK_INT(fd_slurp(fd, &out, &err), 0);
	CHECK_STR(out.data, ">>0123456789");
	buf_finish(&out);

	lseek(fd, 0, SEEK_SET);
	buf_init(&out, 11);
	buf_puts(&out, ">>");
	CHECK_INT(fd_slurp(fd, &out, &err), -ERR_TOO_LARGE);
	CHECK_STR(out.data, ">>");
	buf_finish(&out);
}

static void slurps_paths(void)
{
	char dir[] = "/tmp/coop-fd-test.XXXXXX";
	struct err err;
	struct buf out;
	int dirfd, fd;

	REQUIRE(mkdtemp(dir) != NULL);
	dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = openat(dirfd, "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK_INT(fd_write_all(fd, "content", 7, &err), 0);
	buf_init(&out, 100);
	CHECK_INT(fd_slurp_path(dirfd, "f", &out, &err), 0);
	CHECK_STR(out.data, "content");
	CHECK_INT(fd_slurp_path(dirfd, "g", &out, &err), -ERR_NOT_FOUND);
	CHECK_STR(err.text, "there is no file g");
	CHECK_INT(fd_slurp_path(dirfd, ".", &out, &err), -ERR_SYSTEM);
	CHECK_STR(err.text, ".: cannot read: Is a directory");
	CHECK_INT(fd_slurp_path(AT_FDCWD, "/dev/zero", &out, &err),
		  -ERR_TOO_LARGE);
	CHECK_STR(out.data, "content");
	buf_finish(&out);
	unlinkat(dirfd, "f", 0);
	rmdir(dir);
}

static void memfd_cannot_be_changed(void)
{
	struct err err;
	char back[8] = "";
	int fd = fd_memfd("test", "text", 4, &err);

	REQUIRE(fd >= 0);
	CHECK_INT(read(fd, back, sizeof(back)), 4);
	CHECK_STR(back, "text");
	CHECK_INT(pwrite(fd, "x", 1, 0), -1);
	CHECK_INT(ftruncate(fd, 0), -1);
	CHECK(mmap(NULL, 4, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
	CHECK_INT(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), -1);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(all_are_close_on_exec),
		TEST(close_keeps_errno_and_forgets),
		TEST(sets_nonblock),
		TEST(writes_and_reads_all),
		TEST(slurps_up_to_the_maximum),
		TEST(slurps_paths),
		TEST(memfd_cannot_be_changed),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
