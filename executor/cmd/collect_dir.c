/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a new file beside the old one's name and renames it: whoever reads the
 * folder meanwhile sees one or the other, and a link there is replaced, never
 * followed.
 */
#include "executor/cmd/collect_dir.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

int collect_dir_open(const char *path, struct err *err)
{
	int fd;

	if (mkdir(path, 0777) < 0 && errno != EEXIST) {
		err_sys(err, errno, "cannot make the folder %s", path);
		return err_field(err, "collect");
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_sys(err, errno, "cannot open the folder %s", path);
		return err_field(err, "collect");
	}
	if (faccessat(fd, ".", W_OK, 0) < 0) {
		err_sys(err, errno, "cannot write to the folder %s", path);
		close(fd);
		return err_field(err, "collect");
	}
	return fd;
}

/* Goes down one folder, making it; closes *at. */
static int enter(int *at, const char *name, struct err *err)
{
	int next;

	if (mkdirat(*at, name, 0777) < 0 && errno != EEXIST)
		return err_sys(err, errno, "cannot make the folder %s", name);
	next = openat(*at, name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return err_sys(err, errno,
			       "cannot enter %s (links are not "
			       "followed)",
			       name);
	fd_close(at);
	*at = next;
	return 0;
}

static int copy(int from, int to, struct err *err)
{
	_auto_free_ char *piece = mem_zero(PIECE, 1);
	ssize_t n;

	do {
		n = fd_read_all(from, piece, PIECE, err);
		if (n < 0)
			return (int)n;
		if (fd_write_all(to, piece, (size_t)n, err) < 0)
			return -ERR_SYSTEM;
	} while (n);
	return 0;
}

static int write_file(int dir, const char *name, int fd, struct err *err)
{
	char temp[STR_ID_SIZE + 8];
	char id[STR_ID_SIZE];
	struct stat st;
	unsigned mode;
	int out, rc;

	str_random_id(id);
	snprintf(temp, sizeof(temp), ".coop-%s", id);
	mode = fstat(fd, &st) == 0 && st.st_mode & 0100 ? 0777 : 0666;
	out = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (out < 0)
		return err_sys(err, errno, "cannot make a file");
	rc = copy(fd, out, err);
	if (close(out) < 0 && rc >= 0)
		rc = err_sys(err, errno, "cannot write");
	if (rc >= 0 && renameat(dir, temp, dir, name) < 0)
		rc = err_sys(err, errno, "cannot replace %s", name);
	if (rc < 0)
		unlinkat(dir, temp, 0);
	return rc;
}

static int put(int dir, char *path, int fd, struct err *err)
{
	_auto_close_ int at = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	char *slash;

	if (at < 0)
		return err_sys(err, errno, "cannot open the folder");
	while ((slash = strchr(path, '/'))) {
		*slash = '\0';
		if (!*path || str_equal(path, ".") || str_equal(path, ".."))
			return err_set(err, ERR_INVALID,
				       "its name leads elsewhere");
		if (enter(&at, path, err) < 0)
			return -ERR_SYSTEM;
		path = slash + 1;
	}
	if (!*path || str_equal(path, ".") || str_equal(path, ".."))
		return err_set(err, ERR_INVALID, "its name leads elsewhere");
	return write_file(at, path, fd, err);
}

int collect_dir_put(int dir, const char *path, int fd, struct err *err)
{
	_auto_free_ char *copy_of_path = mem_strdup(path);
	int rc = put(dir, copy_of_path, fd, err);

	if (rc < 0) {
		err_prefix(err, "%s: ", path);
		return err_field(err, "collect");
	}
	return 0;
}
