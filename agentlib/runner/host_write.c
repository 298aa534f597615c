/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every folder on the way is opened one by one, each beneath the last, and
 * never through a link; the file is made under a name of its own and renamed.
 * The kernel may lack openat2 (refused by an outer filter): O_NOFOLLOW on single
 * names gives the same, since no name contains a slash.
 */
#include "agentlib/runner/host_write.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

struct host_write {
	int fd;
	char *folder;
};

/* What one file is made of. */
struct content {
	const char *data; /* NULL: read fd */
	size_t len;
	int fd;
	uint64_t max;
	mode_t mode;
};

struct host_write *host_write_open(const char *folder, struct err *err)
{
	struct host_write *w;
	int fd;

	if (mkdir(folder, 0755) < 0 && errno != EEXIST) {
		err_sys(err, errno, "%s cannot be made", folder);
		return NULL;
	}
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_sys(err, errno, "%s cannot be opened", folder);
		return NULL;
	}
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0) {
		err_sys(err, errno, "%s cannot be written to", folder);
		close(fd);
		return NULL;
	}
	w = mem_new(struct host_write);
	w->fd = fd;
	w->folder = mem_strdup(folder);
	return w;
}

void host_write_close(struct host_write *w)
{
	if (!w)
		return;
	close(w->fd);
	mem_free(w->folder);
	mem_free(w);
}

/* Opens the folder `name` in `dir` without following anything; -1 and errno. */
static int open_folder(int dir, const char *name)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));

	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
	return openat(dir, name, (int)how.flags);
}

static int enter(int dir, const char *name, const char *path, struct err *err)
{
	int fd = open_folder(dir, name);

	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
			return err_sys(err, errno, "%s", path);
		fd = open_folder(dir, name);
	}
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR || errno == EXDEV))
		return err_set(err, ERR_FORBIDDEN,
			       "%s: \"%s\" is a link or no folder", path, name);
	if (fd < 0)
		return err_sys(err, errno, "%s", path);
	return fd;
}

/* A part of a path that may become a name on the host. */
static bool good_part(const char *part, size_t len)
{
	return len > 0 && len <= NAME_MAX && !(len == 1 && part[0] == '.') &&
	       !(len == 2 && part[0] == '.' && part[1] == '.');
}

static bool good_path(const char *path)
{
	const char *p = path;

	if (strlen(path) >= PATH_MAX)
		return false;
	for (;;) {
		size_t len = strcspn(p, "/");

		if (!good_part(p, len))
			return false;
		p += len;
		if (!*p)
			return true;
		p++;
	}
}

/* Copies all of `c` into `out`. */
static int fill(int out, const struct content *c, const char *path,
		struct err *err)
{
	_auto_free_ char *chunk = NULL;
	uint64_t at = 0;

	if (c->data)
		return fd_write_all(out, c->data, c->len, err);
	chunk = mem_zero(1, CHUNK);
	for (;;) {
		ssize_t n = pread(c->fd, chunk, CHUNK, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, errno, "%s", path);
		if (n == 0)
			return 0;
		at += (uint64_t)n;
		if (at > c->max)
			return err_set(err, ERR_TOO_LARGE,
				       "%s is larger than the disk limit",
				       path);
		if (fd_write_all(out, chunk, (size_t)n, err) < 0)
			return -ERR_SYSTEM;
	}
}

/* Makes `name` in `dir`: whole under another name, then renamed. */
static int place(int dir, const char *name, const struct content *c,
		 const char *path, struct err *err)
{
	char id[STR_ID_SIZE], temp[STR_ID_SIZE + 8] = ".coop-";
	struct stat st;
	int fd, rc;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode))
		return err_set(err, ERR_FORBIDDEN,
			       "%s stands there and is no regular file", path);
	str_random_id(id);
	memcpy(temp + 6, id, sizeof(id));
	fd = openat(dir, temp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, errno, "%s", path);
	rc = fill(fd, c, path, err);
	if (rc == 0 && fchmod(fd, c->mode) < 0)
		rc = err_sys(err, errno, "%s", path);
	close(fd);
	if (rc == 0 && renameat(dir, temp, dir, name) < 0)
		rc = err_sys(err, errno, "%s", path);
	if (rc < 0)
		unlinkat(dir, temp, 0);
	return rc;
}

static int write_content(const struct host_write *w, const char *path,
			 const struct content *c, struct err *err)
{
	_auto_close_ int dir = -1;
	_auto_free_ char *copy = mem_strdup(path);
	char *p = copy, *slash;

	if (!good_path(path))
		return err_set(err, ERR_INVALID, "\"%s\" is no name for a file",
			       path);
	dir = fcntl(w->fd, F_DUPFD_CLOEXEC, 3);
	if (dir < 0)
		return err_sys(err, errno, "%s", path);
	while ((slash = strchr(p, '/'))) {
		int next;

		*slash = '\0';
		next = enter(dir, p, path, err);
		if (next < 0)
			return next;
		close(dir);
		dir = next;
		p = slash + 1;
	}
	return place(dir, p, c, path, err);
}

int host_write_fd(const struct host_write *w, const char *path, int fd,
		  uint64_t max, struct err *err)
{
	struct content c = { .fd = fd, .max = max };
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(err, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_FORBIDDEN, "%s is no regular file",
			       path);
	/* Execute bits are the program's to choose, the rest is not. */
	c.mode = st.st_mode & 0111 ? 0755 : 0644;
	return write_content(w, path, &c, err);
}

int host_write_data(const struct host_write *w, const char *path,
		    const char *data, size_t len, struct err *err)
{
	struct content c = { .data = data, .len = len, .fd = -1, .mode = 0644 };

	return write_content(w, path, &c, err);
}
