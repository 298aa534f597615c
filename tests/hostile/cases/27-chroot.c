/* SPDX-License-Identifier: Apache-2.0 */
/* The classic way out: a folder, chroot into it, up and up, chroot again. */
#include "probe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

int main(void)
{
	struct stat root, up;
	char cwd[4096] = "";
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	mkdir("jail", 0700);
	REFUSED("chroot", chroot("jail"), EPERM);
	REFUSED("chroot .", chroot("."), EPERM);
	REFUSED("pivot_root", syscall(SYS_pivot_root, ".", "jail"), EPERM);
	for (int i = 0; i < 64; i++)
		if (chdir(".."))
			break;
	getcwd(cwd, sizeof(cwd));
	HOLDS("up ends at /", !strcmp(cwd, "/"));
	HOLDS("the root has no parent",
	      stat("/", &root) == 0 && fstatat(fd, "..", &up, 0) == 0 &&
		      root.st_ino == up.st_ino && root.st_dev == up.st_dev);
	REFUSED("a folder in /", mkdir("/new", 0700), EROFS, EACCES);
	REFUSED("a file in /", open("/new", O_CREAT | O_WRONLY, 0600), EROFS,
		EACCES);
	REFUSED("a file in /usr", open("/usr/new", O_CREAT | O_WRONLY, 0600),
		EROFS, EACCES);
	REFUSED("a file in /etc", open("/etc/new", O_CREAT | O_WRONLY, 0600),
		EROFS, EACCES);
	REFUSED("a file in /dev", open("/dev/new", O_CREAT | O_WRONLY, 0600),
		EROFS, EACCES);
	REFUSED("chmod of /", chmod("/", 0777), EROFS, EPERM);
	REFUSED("chmod of /usr", chmod("/usr", 0777), EROFS, EPERM);
	/* what Coop keeps there must not be looked into */
	REFUSED("the box's store", opendir("/.box") ? 0 : -1, ENOENT, EACCES,
		EPERM);
	REFUSED("above the box's store",
		open("/.box/..", O_RDONLY) < 0 ? -1 : 0, ENOENT, EACCES, EPERM);
	return probe_end();
}
