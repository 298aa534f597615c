/* SPDX-License-Identifier: Apache-2.0 */
/* The classic way out: a folder, chroot into it, up and up, chroot again. */
#include "probe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* What Coop keeps there is covered, or not ours to enter. */
static void nothing_in_store(void)
{
	DIR *dir = opendir("/.box");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	HOLDS("the box's store is empty", n <= 2);
	REFUSED("a file in the box's store",
		open("/.box/x", O_CREAT | O_WRONLY, 0600), EROFS, EACCES,
		ENOENT);
}

int main(void)
{
	struct stat root, up;
	static const char *const sealed[] = { "/", "/usr", "/proc", "/dev/null",
					      "/etc/passwd" };
	struct statvfs fs;
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
	nothing_in_store();
	for (unsigned i = 0; i < sizeof(sealed) / sizeof(*sealed); i++)
		HOLDS("a mount is read-only",
		      statvfs(sealed[i], &fs) == 0 && fs.f_flag & ST_RDONLY);
	return probe_end();
}
