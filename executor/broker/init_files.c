/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request of the front at a time: find the folder it is relative to, walk
 * beneath it, answer. Trees are walked in init_walk.c.
 */
#include "executor/broker/init_files.h"

#include "executor/base/fd.h"
#include "executor/broker/init_walk.h"
#include "executor/broker/wire.h"
#include "executor/jail/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a front may ask of an open; the rest of the flags is ours. */
#define OPEN_FLAGS (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND)

static int open_beneath(int base, const char *path, int flags, unsigned mode)
{
	/* openat2 refuses O_PATH together with what is about reading. */
	int ours = flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY;
	struct open_how how = {
		.flags = (uint64_t)(flags | ours | O_NOFOLLOW | O_CLOEXEC),
		.mode = flags & O_CREAT ? mode & 0777 : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};

	return beneath_open(base, *path ? path : ".", &how);
}

/* The folder that a path is relative to, and the rest of the path. Absolute
 * paths may name /workspace and /tmp. */
static int base_of(const char **path)
{
	static const char *const bases[] = { "/workspace", "/tmp" };
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	const char *base = bases[0];

	for (int i = 0; i < 2 && **path == '/'; i++) {
		size_t len = strlen(bases[i]);

		if (strncmp(*path, bases[i], len) != 0 ||
		    ((*path)[len] && (*path)[len] != '/'))
			continue;
		base = bases[i];
		*path += len;
		while (**path == '/')
			(*path)++;
	}
	if (**path == '/') {
		errno = EXDEV;
		return -1;
	}
	return beneath_open(AT_FDCWD, base, &how);
}

/* A file that is regular now; the front looks again at the descriptor. */
static int open_file(const struct wire_packet *p)
{
	const char *path = p->path;
	struct stat st;
	_auto_close_ int base = base_of(&path);

	if (base < 0)
		return -1;
	_auto_close_ int fd = open_beneath(base, path,
					   p->open.flags & OPEN_FLAGS,
					   p->open.mode);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	return fd_take(&fd);
}

/* mkdir -p: each part is made where it is missing and then entered. */
static int make_folders(const struct wire_packet *p)
{
	const char *path = p->path;
	char part[NAME_MAX + 1];
	_auto_close_ int at = base_of(&path);

	while (at >= 0 && *path) {
		size_t len = strcspn(path, "/");

		if (len > NAME_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, path, len);
		part[len] = '\0';
		if (len && mkdirat(at, part, p->open.mode & 0777) < 0 &&
		    errno != EEXIST)
			return -1;
		int next = len ? open_beneath(at, part, O_PATH | O_DIRECTORY, 0)
			       : fd_take(&at);
		fd_close(&at);
		at = next;
		path += len + (path[len] == '/');
	}
	return at < 0 ? -1 : 0;
}

static int remove_path(const struct wire_packet *p)
{
	const char *path = p->path, *name;
	char above[WIRE_PATH_MAX + 1];
	_auto_close_ int base = base_of(&path);

	if (base < 0)
		return -1;
	name = strrchr(path, '/');
	name = name ? name + 1 : path;
	if (!*name || !strcmp(name, ".") || !strcmp(name, "..")) {
		errno = EINVAL;
		return -1;
	}
	memcpy(above, path, (size_t)(name - path));
	above[name - path] = '\0';
	_auto_close_ int dir = open_beneath(base, above, O_PATH | O_DIRECTORY,
					    0);
	return dir < 0 ? -1 : init_walk_remove(dir, name);
}

static int list(int front, const struct wire_packet *p, bool *truncated)
{
	const char *path = p->path;
	_auto_close_ int base = base_of(&path);

	if (base < 0)
		return -1;
	_auto_close_ int dir = open_beneath(base, path, O_RDONLY | O_DIRECTORY,
					    0);
	if (dir < 0)
		return -1;
	return init_walk_list(dir, path, front, p->head.seq, truncated);
}

static int answer(int front, const struct wire_packet *p, enum wire_op op,
		  const struct init_done *done, int fd)
{
	struct wire_out out = {
		.op = op,
		.seq = p->head.seq,
		.body = done,
		.fds = &fd,
		.nfds = fd >= 0,
	};

	return wire_send(front, &out, NULL);
}

int init_files_serve(int front, struct wire_packet *p)
{
	struct init_done done = { 0 };
	bool truncated = false;
	int rc, fd = -1;

	switch (p->head.op) {
	case INIT_OPEN:
		fd = rc = open_file(p);
		break;
	case INIT_LIST:
		rc = list(front, p, &truncated);
		break;
	case INIT_MKDIR:
		rc = make_folders(p);
		break;
	case INIT_REMOVE:
		rc = remove_path(p);
		break;
	default:
		wire_drop(p);
		return -1;
	}
	if (rc < 0)
		done.errno_value = errno ? errno : EIO;
	done.truncated = truncated;
	rc = answer(front, p, p->head.op == INIT_OPEN ? INIT_OPENED : INIT_DONE,
		    &done, fd);
	fd_close(&fd);
	wire_drop(p);
	return rc;
}
