/* SPDX-License-Identifier: Apache-2.0 */
/* Into another namespace, by a descriptor of our own or of somebody else. */
#include "probe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#define NS_GET_USERNS_ 0xb701
#define NS_GET_PARENT_ 0xb702

int main(void)
{
	static const char *const names[] = {
		"cgroup",           "ipc",  "mnt",  "net", "pid",
		"pid_for_children", "time", "user", "uts"
	};
	char path[64];
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		int fd = open(path, O_RDONLY);

		REFUSED(path, syscall(SYS_setns, fd, 0), EPERM);
		snprintf(path, sizeof(path), "/proc/1/ns/%s", names[i]);
		REFUSED(path, open(path, O_RDONLY), ENOENT, EACCES);
		/* the owner's namespace would be a way up */
		REFUSED("the parent's namespace", ioctl(fd, NS_GET_PARENT_),
			EPERM, EINVAL, ENOTTY, EBADF);
		if (strcmp(names[i], "user"))
			continue;
		REFUSED("the owner of the user namespace",
			ioctl(fd, NS_GET_USERNS_), EPERM, EINVAL, ENOTTY,
			EBADF);
	}
	REFUSED("setns by pidfd", syscall(SYS_setns, pidfd, 0x7e020080), EPERM);
	REFUSED("setns to pid 1",
		syscall(SYS_setns, syscall(SYS_pidfd_open, 1, 0), 0x20000),
		EPERM);
	REFUSED("pidfd_getfd", syscall(SYS_pidfd_getfd, pidfd, 0, 0), EPERM,
		ENOSYS);
	return probe_end();
}
