/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state folder: made carefully, since others may write beside it, and swept
 * by the locks of those who died. Does not know what a cgroup is made of.
 */
#include "executor/broker/state.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/jail/cgroup.h"
#include "executor/jail/machine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define OWNER_MAX 16384

static bool whole_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/* Makes a folder, or takes an existing one that is really ours. */
static int own_folder(const char *path, mode_t mode, struct err *err)
{
	struct stat st;

	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return err_sys(err, errno, "making %s", path);
	if (lstat(path, &st) < 0)
		return err_sys(err, errno, "looking at %s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    st.st_mode & 022) {
		err_set(err, ERR_FORBIDDEN,
			"%s is not a folder that only we "
			"can write",
			path);
		return err_try(err, "remove it");
	}
	return 0;
}

static void find_folder(struct state *s, const struct machine *m)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *other = getenv("COOP_STATE");

	if (other && other[0] == '/')
		str_copy(s->dir, sizeof(s->dir), other);
	else if (m->root)
		str_copy(s->dir, sizeof(s->dir), "/run/coop");
	else if (runtime && runtime[0] == '/' && access(runtime, W_OK) == 0)
		snprintf(s->dir, sizeof(s->dir), "%s/coop", runtime);
	else
		snprintf(s->dir, sizeof(s->dir), "/tmp/coop-%u", geteuid());
}

int state_open(struct state *s, const struct machine *m, struct err *err)
{
	char brokers[600];

	memset(s, 0, sizeof(*s));
	s->owner_fd = -1;
	find_folder(s, m);
	int rc = own_folder(s->dir, m->root ? 0755 : 0700, err);
	if (rc)
		return rc;
	snprintf(brokers, sizeof(brokers), "%s/brokers", s->dir);
	rc = own_folder(brokers, 0700, err);
	if (rc)
		return rc;
	str_random_id(s->id);
	snprintf(s->owner, sizeof(s->owner), "%s/%s", brokers, s->id);
	int fd = open(s->owner,
		      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, errno, "making %s", s->owner);
	/* a sweeper may hold it for a moment: it sees an empty file */
	for (int tries = 0; !whole_lock(fd); tries++) {
		if (tries == 100) {
			fd_close(&fd);
			unlink(s->owner);
			return err_set(err, ERR_SYSTEM, "cannot lock %s",
				       s->owner);
		}
		usleep(1000);
	}
	s->owner_fd = fd;
	return 0;
}

int state_note(struct state *s, const struct cgroup_root *root, struct err *err)
{
	for (unsigned i = 0; i < root->count; i++) {
		int rc = fd_write_all(s->owner_fd, root->path[i],
				      strlen(root->path[i]), err);

		if (!rc)
			rc = fd_write_all(s->owner_fd, "\n", 1, err);
		if (rc)
			return rc;
	}
	return 0;
}

void state_close(struct state *s, int clean)
{
	if (s->owner_fd >= 0 && clean)
		unlink(s->owner);
	fd_close(&s->owner_fd);
}

/* Thaws or removes the folders that a dead broker's file names; true when all
 * are gone. A line must end in "/coop-<id>" with the file's own name as id. */
static bool sweep_lines(const char *text, const char *id, unsigned wait_ms,
			unsigned *removed)
{
	char path[1024];
	char leaf[300];
	bool gone = true;

	snprintf(leaf, sizeof(leaf), "/coop-%s", id);
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		snprintf(path, sizeof(path), "%.*s", (int)len, line);
		line += len + (line[len] == '\n');
		if (!str_ends(path, leaf))
			continue;
		if (!removed)
			cgroup_sweep_thaw(path);
		else if (cgroup_sweep(path, wait_ms))
			(*removed)++;
		else
			gone = false;
	}
	return gone;
}

static void sweep_owner(int dir, const char *id, unsigned wait_ms,
			unsigned *removed)
{
	_auto_close_ int fd = openat(dir, id, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	struct buf text;

	/* a free lock means that its broker is dead */
	if (fd < 0 || !whole_lock(fd))
		return;
	/* Just made and not locked yet, or of someone who died at once: an
	 * empty file is only removed when it is old. */
	if (fstat(fd, &st) < 0 || st.st_nlink == 0)
		return;
	if (st.st_size == 0 && time(NULL) - st.st_mtime < 60)
		return;
	buf_init(&text, OWNER_MAX);
	if (fd_slurp(fd, &text, NULL) == 0) {
		sweep_lines(text.data, id, 0, NULL);
		if (sweep_lines(text.data, id, wait_ms, removed))
			unlinkat(dir, id, 0);
	}
	buf_finish(&text);
}

unsigned state_sweep(const struct state *s, unsigned wait_ms)
{
	char path[600];
	unsigned removed = 0;

	snprintf(path, sizeof(path), "%s/brokers", s->dir);
	DIR *dir = opendir(path);
	if (!dir)
		return 0;
	for (struct dirent *e; (e = readdir(dir));)
		if (e->d_name[0] != '.' && strcmp(e->d_name, s->id) != 0)
			sweep_owner(dirfd(dir), e->d_name, wait_ms, &removed);
	closedir(dir);
	return removed;
}
