/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mounts of nest and box. Each function does one thing and checks it; in what
 * order is the plan's decision.
 */
#include "executor/jail/mounts.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int system_error(struct err *err, const char *what, const char *path)
{
	return err_sys(err, errno, "%s %s", what, path);
}

int mounts_private(const char *path, struct err *err)
{
	if (mount(NULL, path, NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return system_error(err, "making private", path);
	return 0;
}

int mounts_newroot(const char *stage, const char *host_at, uint64_t bytes,
		   uint64_t inodes, int *host_fd, struct err *err)
{
	char options[96];

	snprintf(options, sizeof(options), "size=%llu,nr_inodes=%llu,mode=755",
		 (unsigned long long)bytes, (unsigned long long)inodes);
	if (mount("coop", stage, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return system_error(err, "mounting tmpfs on", stage);
	if (chdir(stage) < 0)
		return system_error(err, "entering", stage);
	/* host_at is absolute in the new root: relative to here without "/" */
	if (mkdir(host_at + 1, 0700) < 0)
		return system_error(err, "making", host_at);
	if (syscall(SYS_pivot_root, ".", host_at + 1) < 0)
		return system_error(err, "pivoting into", stage);
	if (chdir("/") < 0)
		return system_error(err, "entering", "/");
	int fd = open(host_at, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return system_error(err, "opening", host_at);
	*host_fd = fd;
	return 0;
}

int mounts_dir(const char *path, unsigned mode, struct err *err)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return system_error(err, "making", path);
	/* the umask of whoever started us does not matter */
	if (chmod(path, mode) < 0)
		return system_error(err, "setting the mode of", path);
	return 0;
}

int mounts_file(const char *path, const char *content, struct err *err)
{
	_auto_close_ int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		     0644);

	if (fd < 0 || fchmod(fd, 0644) < 0)
		return system_error(err, "making", path);
	return fd_write_all(fd, content, strlen(content), err);
}

int mounts_link(const char *path, const char *target, struct err *err)
{
	if (symlink(target, path) < 0)
		return system_error(err, "linking", path);
	return 0;
}

/* Folders above `path`, in the new root that only Coop has written so far. */
static int make_parents(const char *path, struct err *err)
{
	char part[PATH_MAX];

	if (!str_copy(part, sizeof(part), path))
		return err_set(err, ERR_TOO_LARGE, "the path is too long");
	for (char *s = part + 1; (s = strchr(s, '/')); s++) {
		*s = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return system_error(err, "making", part);
		*s = '/';
	}
	return 0;
}

static int make_place(const char *path, mode_t type, struct err *err)
{
	int rc = make_parents(path, err);

	if (rc)
		return rc;
	if (S_ISDIR(type)) {
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return system_error(err, "making", path);
		return 0;
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return system_error(err, "making", path);
	fd_close(&fd);
	return 0;
}

/* Clones the mount at `source`, restricts it, puts it at `path`. */
static int place_tree(int source, const char *path, uint64_t attr,
		      unsigned recursive, struct err *err)
{
	struct mount_attr set = { .attr_set = attr };
	_auto_close_ int tree = open_tree(source, "",
					  AT_EMPTY_PATH | OPEN_TREE_CLONE |
						  OPEN_TREE_CLOEXEC |
						  recursive);

	if (tree < 0)
		return system_error(err, "binding", path);
	if (mount_setattr(tree, "", AT_EMPTY_PATH | recursive, &set,
			  sizeof(set)) < 0)
		return system_error(err, "restricting", path);
	if (move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return system_error(err, "placing", path);
	return 0;
}

/* Without openat2: with the host's root as ours, for the time of one open. */
static int open_rooted(int host_fd, const char *path)
{
	_auto_close_ int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	if (here < 0 || fchdir(host_fd) < 0 || chroot(".") < 0)
		return -1;
	fd = open(path, O_PATH | O_CLOEXEC);
	int kept = errno;

	/* elsewhere than in the new root nothing may go on */
	if (fchdir(here) < 0 || chroot(".") < 0)
		_exit(1);
	errno = kept;
	return fd;
}

static int open_host(int host_fd, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, host_fd, path, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = open_rooted(host_fd, path);
	return fd;
}

int mounts_bind(int host_fd, const char *path, bool optional, struct err *err)
{
	struct stat st;
	_auto_close_ int source = open_host(host_fd, path);

	if (source < 0 && optional && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (source < 0 && errno == ENOENT) {
		err_set(err, ERR_NOT_FOUND, "%s does not exist", path);
		return err_try(err, "install it, or mark it optional in the "
				    "profile");
	}
	if (source < 0 || fstat(source, &st) < 0)
		return system_error(err, "opening", path);
	int rc = make_place(path, st.st_mode, err);
	if (rc)
		return rc;
	return place_tree(source, path,
			  MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
				  MOUNT_ATTR_NODEV,
			  AT_RECURSIVE, err);
}

int mounts_device(int host_fd, const char *path, struct err *err)
{
	struct stat st;
	_auto_close_ int source = open_host(host_fd, path);

	if (source < 0 || fstat(source, &st) < 0)
		return system_error(err, "opening", path);
	if (!S_ISCHR(st.st_mode))
		return err_set(err, ERR_SYSTEM, "%s is no character device",
			       path);
	int rc = make_place(path, st.st_mode, err);
	if (rc)
		return rc;
	return place_tree(source, path,
			  MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
				  MOUNT_ATTR_NOEXEC,
			  0, err);
}

int mounts_leave(const char *path, struct err *err)
{
	if (umount2(path, MNT_DETACH) < 0)
		return system_error(err, "leaving", path);
	if (rmdir(path) < 0)
		return system_error(err, "removing", path);
	return 0;
}

int mounts_readonly(const char *path, struct err *err)
{
	struct mount_attr set = { .attr_set = MOUNT_ATTR_RDONLY |
					      MOUNT_ATTR_NOSUID |
					      MOUNT_ATTR_NODEV };

	if (mount_setattr(AT_FDCWD, path, 0, &set, sizeof(set)) < 0)
		return system_error(err, "making read-only", path);
	return 0;
}

int mounts_proc(const char *path, const char *options, struct err *err)
{
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (options)
		flags |= MS_RDONLY;
	if (mount("proc", path, "proc", flags, options) < 0)
		return system_error(err, "mounting proc on", path);
	return 0;
}

int mounts_store(const char *path, uint64_t bytes, uint64_t inodes, unsigned id,
		 struct err *err)
{
	char options[128];

	/* root folder, three shares: not taken from what the limit gives */
	snprintf(options, sizeof(options),
		 "size=%llu,nr_inodes=%llu,mode=755,uid=%u,gid=%u",
		 (unsigned long long)bytes, (unsigned long long)inodes + 4, id,
		 id);
	if (mount("box", path, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return system_error(err, "mounting tmpfs on", path);
	return 0;
}

int mounts_share(const char *path, const char *from, unsigned mode, unsigned id,
		 struct err *err)
{
	/* Folders are made as the box's user: our own uid has no number in
	 * the box's user namespace, and such files cannot be made (EOVERFLOW). */
	setfsgid(id);
	setfsuid(id);
	if (mkdir(from, mode) < 0 || chmod(from, mode) < 0)
		return system_error(err, "making", from);
	if (mount(from, path, NULL, MS_BIND, NULL) < 0)
		return system_error(err, "binding", path);
	return 0;
}

int mounts_seal(const char *path, struct err *err)
{
	if (umount2(path, MNT_DETACH) < 0)
		return system_error(err, "unmounting", path);
	return 0;
}

int mounts_mask(const char *path, struct err *err)
{
	if (mount("/dev/null", path, NULL, MS_BIND, NULL) < 0 &&
	    errno != ENOENT)
		return system_error(err, "covering", path);
	return 0;
}
