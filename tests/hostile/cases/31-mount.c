/* SPDX-License-Identifier: Apache-2.0 */
/* The mount table by the old and the new calls. */
#include "probe.h"
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>

#define MS_BIND_ 4096
#define MS_REMOUNT_ 32

int main(void)
{
	mkdir("m", 0700);
	REFUSED("mount tmpfs", syscall(SYS_mount, "t", "m", "tmpfs", 0, 0),
		EPERM);
	REFUSED("mount proc", syscall(SYS_mount, "p", "m", "proc", 0, 0),
		EPERM);
	REFUSED("bind", syscall(SYS_mount, "/", "m", 0, MS_BIND_, 0), EPERM);
	REFUSED("remount /usr rw",
		syscall(SYS_mount, "", "/usr", 0, MS_REMOUNT_ | MS_BIND_, 0),
		EPERM);
	REFUSED("remount / rw", syscall(SYS_mount, "", "/", 0, MS_REMOUNT_, 0),
		EPERM);
	REFUSED("umount /proc", syscall(SYS_umount2, "/proc", 2), EPERM);
	REFUSED("umount a mask", syscall(SYS_umount2, "/proc/kallsyms", 2),
		EPERM);
	REFUSED("umount /usr", syscall(SYS_umount2, "/usr", 2), EPERM);
	REFUSED("fsopen", syscall(SYS_fsopen, "tmpfs", 0), EPERM, ENOSYS);
	REFUSED("fsconfig", syscall(SYS_fsconfig, -1, 0, 0, 0, 0), EPERM,
		ENOSYS);
	REFUSED("fsmount", syscall(SYS_fsmount, -1, 0, 0), EPERM, ENOSYS);
	REFUSED("fspick", syscall(SYS_fspick, AT_FDCWD, "/", 0), EPERM, ENOSYS);
	REFUSED("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1), EPERM,
		ENOSYS);
	REFUSED("move_mount",
		syscall(SYS_move_mount, AT_FDCWD, "/", AT_FDCWD, "m", 0), EPERM,
		ENOSYS);
	REFUSED("mount_setattr", syscall(442, AT_FDCWD, "/", 0, 0, 0), EPERM,
		ENOSYS);
	REFUSED("open_tree_attr", syscall(467, AT_FDCWD, "/", 0, 0, 0), EPERM,
		ENOSYS);
	REFUSED("statmount", syscall(457, 0, 0, 0, 0), EPERM, ENOSYS);
	REFUSED("listmount", syscall(458, 0, 0, 0, 0), EPERM, ENOSYS);
	return probe_end();
}
