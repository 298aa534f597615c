/* SPDX-License-Identifier: Apache-2.0 */
/* Appending is atomic, so that brokers need not know of each other. */
#include "executor/broker/egress_log.h"

#include "executor/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define PATH_SIZE 640

static void path_of(char path[PATH_SIZE], const char *state, const char *end)
{
	snprintf(path, PATH_SIZE, "%s/egress.log%s", state, end);
}

int egress_log_open(const char *state, struct err *err)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW |
			  O_CLOEXEC;
	char path[PATH_SIZE], old[PATH_SIZE];
	struct stat st;
	int fd;

	path_of(path, state, "");
	path_of(old, state, ".1");
	if (lstat(path, &st) == 0 && st.st_size >= EGRESS_LOG_MAX &&
	    rename(path, old) < 0)
		return err_sys(err, errno, "turning %s", path);
	fd = open(path, flags, 0600);
	if (fd < 0)
		return err_sys(err, errno, "opening %s", path);
	return fd;
}

bool egress_log_is_old(const char *state, int fd)
{
	char path[PATH_SIZE];
	struct stat ours, theirs;

	path_of(path, state, "");
	if (fstat(fd, &ours) < 0)
		return true;
	return ours.st_size >= EGRESS_LOG_MAX || lstat(path, &theirs) < 0 ||
	       theirs.st_ino != ours.st_ino;
}
