/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making, closing, filling and emptying descriptors. Packets that carry
 * descriptors are in fd_packet.c; waiting for many at once is loop.c.
 */
#include "executor/base/fd.h"

#include "executor/base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLURP_STEP 65536

void fd_close(int *fd)
{
	int kept = errno;

	/* never again after EINTR: Linux has closed it, the number may be
	 * another thread's by now */
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = kept;
}

void fd_cleanup(int *fd)
{
	fd_close(fd);
}

int fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

int fd_pipe(int ends[2], struct err *err)
{
	int made[2];

	if (pipe2(made, O_CLOEXEC) < 0)
		return err_sys(err, errno, "cannot make a pipe");
	ends[0] = made[0];
	ends[1] = made[1];
	return 0;
}

int fd_socketpair(int ends[2], struct err *err)
{
	int made[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made) < 0)
		return err_sys(err, errno, "cannot make a socket pair");
	ends[0] = made[0];
	ends[1] = made[1];
	return 0;
}

int fd_set_nonblock(int fd, bool on, struct err *err)
{
	int flags = fcntl(fd, F_GETFL);
	int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;

	if (flags < 0 || (flags != wanted && fcntl(fd, F_SETFL, wanted) < 0))
		return err_sys(err, errno, "cannot set a descriptor's flags");
	return 0;
}

int fd_write_all(int fd, const void *data, size_t len, struct err *err)
{
	const char *at = data;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, errno, "cannot write");
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t fd_read_all(int fd, void *data, size_t len, struct err *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = read(fd, (char *)data + got, len - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, errno, "cannot read");
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/* One byte more than fits tells a full buffer from a file that is too large. */
static int expect_end(int fd, size_t max, struct err *err)
{
	char more;
	ssize_t n = fd_read_all(fd, &more, 1, err);

	if (n > 0)
		return err_set(err, ERR_TOO_LARGE, "it is over %zu bytes", max);
	return (int)n;
}

static int slurp(int fd, struct buf *out, struct err *err)
{
	for (;;) {
		size_t room = out->max - out->len;
		size_t step = room < SLURP_STEP ? room : SLURP_STEP;
		char *space;
		ssize_t n;

		if (!room)
			return expect_end(fd, out->max, err);
		space = buf_space(out, step);
		if (!space)
			return err_set(err, ERR_TOO_LARGE,
				       "the buffer has overflowed before");
		n = fd_read_all(fd, space, step, err);
		if (n <= 0)
			return (int)n;
		buf_wrote(out, (size_t)n);
	}
}

int fd_slurp(int fd, struct buf *out, struct err *err)
{
	size_t before = out->len;
	int rc = slurp(fd, out, err);

	if (rc < 0 && out->len != before) {
		out->len = before;
		buf_wrote(out, 0);
	}
	return rc;
}

int fd_slurp_path(int dirfd, const char *path, struct buf *out, struct err *err)
{
	_auto_close_ int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
	if (fd < 0)
		return err_sys(err, errno, "cannot open %s", path);
	rc = fd_slurp(fd, out, err);
	if (rc < 0)
		err_prefix(err, "%s: ", path);
	return rc;
}

int fd_memfd(const char *name, const void *data, size_t len, struct err *err)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
			  F_SEAL_WRITE;
	_auto_close_ int fd = memfd_create(name,
					   MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int rc;

	if (fd < 0)
		return err_sys(err, errno, "cannot make a memfd");
	rc = fd_write_all(fd, data, len, err);
	if (rc < 0)
		return rc;
	if (lseek(fd, 0, SEEK_SET) < 0 || fcntl(fd, F_ADD_SEALS, seals) < 0)
		return err_sys(err, errno, "cannot seal a memfd");
	return fd_take(&fd);
}
