/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The call, and the walk that stands in for it. Each part is opened in the folder
 * that the part before it was, so what others rename meanwhile leads nowhere.
 */
#include "executor/jail/beneath.h"

#include "executor/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_part(int at, const char *name, const struct open_how *how)
{
	return openat(at, name, (int)how->flags | O_NOFOLLOW | O_CLOEXEC,
		      (mode_t)how->mode);
}

static int walk(int base, const char *path, const struct open_how *how)
{
	const int folder = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	_auto_close_ int at = *path == '/' ? open("/", folder)
					   : openat(base, ".", folder);
	char part[NAME_MAX + 1];

	path += strspn(path, "/");
	while (at >= 0) {
		size_t len = strcspn(path, "/");
		const char *rest = path + len;

		rest += strspn(rest, "/");
		if (len > NAME_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, len ? path : ".", len ? len : 1);
		part[len ? len : 1] = '\0';
		if (!strcmp(part, "..")) {
			errno = EXDEV;
			return -1;
		}
		if (!*rest)
			return open_part(at, part, how);
		int next = openat(at, part, folder);

		fd_close(&at);
		at = next;
		path = rest;
	}
	return -1;
}

int beneath_open(int base, const char *path, const struct open_how *how)
{
	int fd = (int)syscall(SYS_openat2, base, path, how, sizeof(*how));

	/* EPERM is how some outer filters say that they do not know it */
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
	int kept = errno;

	fd = walk(base, path, how);
	/* init permits openat only where it needs it */
	if (fd < 0 && errno == ENOSYS)
		errno = kept;
	return fd;
}
