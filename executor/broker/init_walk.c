/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listing and removing trees. Nothing here follows a link or recurses, and nothing
 * found is trusted to be there a moment later.
 */
#include "executor/broker/init_walk.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/broker/wire.h"
#include "executor/jail/beneath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct level {
	DIR *dir;
	size_t path; /* length of the path above it */
};

struct walk {
	struct level levels[INIT_WALK_DEPTH];
	int depth;
	char path[WIRE_PATH_MAX + 1]; /* of the entry at hand */
	size_t len;
	unsigned entries;
};

/* User code that makes files as fast as they are listed must not hold us. */
#define ENTRIES_MAX (1U << 19)

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int open_folder(int at, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC |
			 O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_XDEV,
	};

	return beneath_open(at, name, &how);
}

/* Enters a folder; takes fd. False when it is too deep or cannot be read. */
static bool enter(struct walk *w, int fd, size_t path)
{
	DIR *dir = w->depth < INIT_WALK_DEPTH && fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir) {
		fd_close(&fd);
		return false;
	}
	w->levels[w->depth++] = (struct level){ dir, path };
	return true;
}

static void leave(struct walk *w)
{
	struct level *l = &w->levels[--w->depth];

	closedir(l->dir);
	w->len = l->path;
	w->path[w->len] = '\0';
}

static char type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return 'f';
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return 'o';
	}
}

static int send_entry(const struct walk *w, const struct stat *st, int front,
		      uint32_t seq)
{
	struct init_entry e = {
		.type = (uint32_t)type_of(st->st_mode),
		.mode = st->st_mode & 07777,
		.size = (uint64_t)st->st_size,
		.ino = st->st_ino,
		.mtime_ns = st->st_mtim.tv_sec * 1000000000LL +
			    st->st_mtim.tv_nsec,
	};
	struct wire_out out = {
		.op = INIT_ENTRY,
		.seq = seq,
		.body = &e,
		.path = w->path,
	};

	if (wire_send(front, &out, NULL)) {
		errno = EPIPE;
		return -1;
	}
	return 0;
}

/* Puts `name` behind the path; the old length, or SIZE_MAX if too long. */
static size_t append(struct walk *w, const char *name)
{
	size_t old = w->len, n = strlen(name);

	if (old + n + 1 > WIRE_PATH_MAX)
		return SIZE_MAX;
	if (old)
		w->path[w->len++] = '/';
	memcpy(w->path + w->len, name, n + 1);
	w->len += n;
	return old;
}

static void cut(struct walk *w, size_t len)
{
	w->len = len;
	w->path[len] = '\0';
}

static int list_entry(struct walk *w, const char *name, int front, uint32_t seq,
		      bool *truncated)
{
	int at = dirfd(w->levels[w->depth - 1].dir);
	struct stat st;
	size_t old;

	/* gone meanwhile: not there */
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	old = append(w, name);
	if (old == SIZE_MAX) {
		*truncated = true;
		return 0;
	}
	if (send_entry(w, &st, front, seq))
		return -1;
	if (!S_ISDIR(st.st_mode)) {
		cut(w, old);
	} else if (!enter(w, open_folder(at, name), old)) {
		*truncated = true;
		cut(w, old);
	}
	return 0;
}

int init_walk_list(int dir, const char *prefix, int front, uint32_t seq,
		   bool *truncated)
{
	_auto_free_ struct walk *w = mem_new(struct walk);
	struct dirent *e;
	int rc = 0;

	w->len = strlen(prefix);
	while (w->len && prefix[w->len - 1] == '/')
		w->len--;
	memcpy(w->path, prefix, w->len);
	if (!enter(w, open_folder(dir, "."), w->len))
		return -1;
	while (w->depth && !rc) {
		e = readdir(w->levels[w->depth - 1].dir);
		if (w->entries++ > ENTRIES_MAX) {
			*truncated = true;
			break;
		}
		if (!e)
			leave(w);
		else if (!is_dots(e->d_name))
			rc = list_entry(w, e->d_name, front, seq, truncated);
	}
	while (w->depth)
		leave(w);
	return rc;
}

/* Removes the next entry of the deepest folder, or enters it; when it is
 * empty, leaves it and removes it from the one above. */
static int remove_step(struct walk *w)
{
	struct level *l = &w->levels[w->depth - 1];
	struct dirent *e;

	do
		e = readdir(l->dir);
	while (e && is_dots(e->d_name));
	if (!e) {
		char name[WIRE_PATH_MAX + 1];
		const char *last = strrchr(w->path, '/');

		snprintf(name, sizeof(name), "%s", last ? last + 1 : w->path);
		leave(w);
		if (w->depth && unlinkat(dirfd(w->levels[w->depth - 1].dir),
					 name, AT_REMOVEDIR) < 0)
			return errno == ENOENT ? 0 : -1;
		return 0;
	}
	int at = dirfd(l->dir);
	if (unlinkat(at, e->d_name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	if (unlinkat(at, e->d_name, AT_REMOVEDIR) == 0)
		return 0;
	size_t old = append(w, e->d_name);
	if (old == SIZE_MAX || !enter(w, open_folder(at, e->d_name), old)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int init_walk_remove(int dir, const char *name)
{
	_auto_free_ struct walk *w = mem_new(struct walk);
	int rc = 0;

	if (unlinkat(dir, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	int fd = open_folder(dir, name);
	if (fd < 0)
		return -1;
	enter(w, fd, 0);
	while (w->depth && !rc)
		rc = remove_step(w);
	while (w->depth)
		leave(w);
	return rc ? rc : unlinkat(dir, name, AT_REMOVEDIR);
}
