/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of drivers, and what does not differ between them: folders. The
 * files inside are the drivers' business.
 */
#include "executor/jail/cgroup.h"

#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/jail/cgroup_file.h"
#include "executor/jail/cgroup_v1.h"
#include "executor/jail/cgroup_v2.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const struct cgroup_driver *const cgroup_drivers[] = {
	&cgroup_v1,
	&cgroup_v2,
	NULL,
};

static void pause_ms(unsigned ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000L };

	nanosleep(&t, NULL);
}

void cgroup_root_plan(struct cgroup_root *root, const struct machine *m,
		      const char *id)
{
	memset(root, 0, sizeof(*root));
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		root->fd[i] = -1;
	for (int i = 0; cgroup_drivers[i]; i++) {
		root->count = 0;
		memset(root->has, 0, sizeof(root->has));
		if (cgroup_drivers[i]->plan(root, m, id)) {
			root->driver = cgroup_drivers[i];
			return;
		}
	}
}

int cgroup_root_create(struct cgroup_root *root, uid_t nest, struct err *err)
{
	int rc = 0;

	for (unsigned i = 0; i < root->count && !rc; i++) {
		if (mkdir(root->path[i], 0755) < 0)
			rc = err_sys(err, errno, "making %s", root->path[i]);
		else
			root->fd[i] = open(root->path[i], O_PATH | O_DIRECTORY |
								  O_NOFOLLOW |
								  O_CLOEXEC);
		if (!rc && root->fd[i] < 0)
			rc = err_sys(err, errno, "opening %s", root->path[i]);
	}
	if (!rc)
		rc = root->driver->root_ready(root, nest, err);
	if (rc)
		cgroup_root_destroy(root);
	return rc;
}

bool cgroup_root_destroy(struct cgroup_root *root)
{
	bool gone = true;

	for (unsigned i = 0; i < root->count; i++) {
		fd_close(&root->fd[i]);
		if (rmdir(root->path[i]) < 0 && errno != ENOENT)
			gone = false;
	}
	root->driver = NULL;
	root->count = 0;
	return gone;
}

int cgroup_create(struct cgroup **out, const struct cgroup_root *root,
		  const char *name, struct err *err)
{
	struct cgroup *cg = mem_new(struct cgroup);
	int rc = 0;

	cg->root = root;
	str_copy(cg->name, sizeof(cg->name), name);
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		cg->fd[i] = -1;
	for (unsigned i = 0; i < root->count && !rc; i++) {
		if (mkdirat(root->fd[i], name, 0755) < 0) {
			rc = err_sys(err, errno, "making a group in %s",
				     root->path[i]);
			break;
		}
		cg->fd[i] = openat(root->fd[i], name,
				   O_PATH | O_DIRECTORY | O_NOFOLLOW |
					   O_CLOEXEC);
		if (cg->fd[i] < 0)
			rc = err_sys(err, errno, "opening a group in %s",
				     root->path[i]);
	}
	if (rc) {
		cgroup_destroy(cg);
		return rc;
	}
	*out = cg;
	return 0;
}

int cgroup_limit(struct cgroup *cg, const char *name, uint64_t value,
		 struct err *err)
{
	return cg->root->driver->limit(cg, name, value, err);
}

int cgroup_attach_open(struct cgroup *cg, uid_t nest, int fds[CONTROLLER_COUNT],
		       struct err *err)
{
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		fds[i] = -1;
	int n = cg->root->driver->attach_open(cg, nest, fds, err);
	for (int i = 0; n < 0 && i < CONTROLLER_COUNT; i++)
		fd_close(&fds[i]);
	return n;
}

void cgroup_begin(struct cgroup *cg)
{
	cg->root->driver->begin(cg);
	cg->killing = cg->denied = false;
}

void cgroup_usage(const struct cgroup *cg, struct cgroup_usage *u)
{
	cg->root->driver->usage(cg, u);
	if (cg->killing)
		u->fork_refused = cg->refused;
}

int cgroup_freeze(const struct cgroup *cg, bool frozen, struct err *err)
{
	return cg->root->driver->freeze(cg, frozen, err);
}

bool cgroup_kill(struct cgroup *cg)
{
	struct cgroup_usage u;

	if (cgroup_empty(cg))
		return true;
	if (!cg->killing) {
		/* births that our killing refuses are not the program's */
		cgroup_usage(cg, &u);
		cg->refused = u.fork_refused;
		cg->killing = true;
	}
	return cg->root->driver->kill(cg);
}

bool cgroup_empty(const struct cgroup *cg)
{
	return cg->root->driver->empty(cg);
}

bool cgroup_destroy(struct cgroup *cg)
{
	bool gone = true;

	if (!cg)
		return true;
	for (unsigned i = 0; i < cg->root->count; i++) {
		fd_close(&cg->fd[i]);
		if (cg->root->fd[i] >= 0 &&
		    unlinkat(cg->root->fd[i], cg->name, AT_REMOVEDIR) < 0 &&
		    errno != ENOENT)
			gone = false;
	}
	mem_free(cg);
	return gone;
}

/* ---- what the dead left, whichever version it is of ---- */

typedef bool sweep_fn(int root, const char *name, uint64_t until_ns);

static bool thaw_group(int root, const char *name, uint64_t until_ns)
{
	_auto_close_ int dir = openat(
		root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return false;
	cgroup_file_write(dir, "freezer.state", "THAWED", NULL);
	cgroup_file_write(dir, "cgroup.freeze", "0", NULL);
	return true;
}

static bool remove_group(int root, const char *name, uint64_t until_ns)
{
	_auto_close_ int dir = openat(
		root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return errno == ENOENT;
	cgroup_file_write(dir, "pids.max", "0", NULL);
	cgroup_file_write(dir, "cgroup.kill", "1", NULL);
	for (;;) {
		cgroup_file_kill(dir, NULL);
		if (unlinkat(root, name, AT_REMOVEDIR) == 0)
			return true;
		if (errno != EBUSY || clock_now_ns() > until_ns)
			return false;
		pause_ms(2);
	}
}

/* Calls fn for each group below `path`; whether all said yes. */
static bool each_group(const char *path, sweep_fn *fn, unsigned wait_ms)
{
	const char *leaf = strrchr(path, '/');
	uint64_t until = clock_now_ns() + wait_ms * CLOCK_MS;
	bool all = true;

	if (!leaf || !str_starts(leaf, "/coop-"))
		return false;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	DIR *dir = fdopendir(fd);
	if (!dir) {
		fd_close(&fd);
		return false;
	}
	for (struct dirent *e; (e = readdir(dir));)
		if (e->d_type == DT_DIR && e->d_name[0] != '.')
			all &= fn(fd, e->d_name, until);
	closedir(dir);
	return all;
}

void cgroup_sweep_thaw(const char *path)
{
	each_group(path, thaw_group, 0);
}

bool cgroup_sweep(const char *path, unsigned wait_ms)
{
	return each_group(path, remove_group, wait_ms) &&
	       (rmdir(path) == 0 || errno == ENOENT);
}
