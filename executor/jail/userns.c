/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two map files, and the calls that change who we are, in the order in which
 * the kernel still permits them.
 */
#include "executor/jail/userns.h"

#include "executor/base/fd.h"
#include "executor/jail/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_file(int dir, const char *name, const char *text,
		      struct err *err)
{
	_auto_close_ int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, errno, "opening %s of a new box", name);
	/* one write or nothing: the kernel takes a map only once */
	if (write(fd, text, strlen(text)) < 0)
		return err_sys(err, errno, "writing %s", name);
	return 0;
}

int userns_write(int proc, pid_t pid, const struct userns_map *map,
		 struct err *err)
{
	char line[64];
	int rc = 0;

	snprintf(line, sizeof(line), "%s%d", proc < 0 ? "/proc/" : "",
		 (int)pid);
	_auto_close_ int dir = openat(proc, line,
				      O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_sys(err, errno, "finding a new box");

	snprintf(line, sizeof(line), "%u %u %u", map->inside, map->outside_uid,
		 map->count);
	rc = write_file(dir, "uid_map", line, err);
	if (!rc && map->deny_groups)
		rc = write_file(dir, "setgroups", "deny", err);
	if (rc)
		return rc;
	snprintf(line, sizeof(line), "%u %u %u", map->inside, map->outside_gid,
		 map->count);
	return write_file(dir, "gid_map", line, err);
}

/* Its own words on standard error would be nobody's. */
static int run_mapper(const char *program, pid_t pid,
		      const struct userns_range *r, struct err *err)
{
	char text[4][16];
	char *const argv[] = { (char *)program, text[0],     (char *)"0",
			       text[1],         (char *)"1", (char *)"1",
			       text[2],         text[3],     NULL };
	char *const env[] = { NULL };
	posix_spawn_file_actions_t actions;
	int status = 0;
	pid_t child;

	snprintf(text[0], sizeof(text[0]), "%d", (int)pid);
	snprintf(text[1], sizeof(text[1]), "%u", r->own);
	snprintf(text[2], sizeof(text[2]), "%u", r->first);
	snprintf(text[3], sizeof(text[3]), "%u", r->count);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	int rc = posix_spawn(&child, program, &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	if (rc)
		return err_sys(err, rc, "starting %s", program);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(err, ERR_FORBIDDEN,
			       "%s refuses ids %u..%u for user %u", program,
			       r->first, r->first + r->count - 1, r->own);
	return 0;
}

int userns_write_ranges(pid_t pid, const struct userns_range *uids,
			const struct userns_range *gids, struct err *err)
{
	int rc = run_mapper(MACHINE_NEWUIDMAP, pid, uids, err);

	return rc ? rc : run_mapper(MACHINE_NEWGIDMAP, pid, gids, err);
}

int userns_quota(const char *path, uint64_t value, struct err *err)
{
	_auto_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	char text[24];

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, errno, "opening %s", path);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	if (write(fd, text, strlen(text)) < 0)
		return err_sys(err, errno, "writing %s", path);
	return 0;
}

int userns_become(uint32_t id, bool keep_groups, struct err *err)
{
	/* groups first: afterwards the right to change them is gone */
	if (!keep_groups && setgroups(0, NULL) < 0)
		return err_sys(err, errno, "dropping groups");
	if (setresgid(id, id, id) < 0)
		return err_sys(err, errno, "becoming group %u", id);
	if (setresuid(id, id, id) < 0)
		return err_sys(err, errno, "becoming user %u", id);
	return 0;
}
