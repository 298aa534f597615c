/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The three calls of Landlock, with the numbers of rights that newer kernels
 * added: the headers we build with may be older than the kernel we run on.
 */
#include "executor/jail/landlock.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RIGHTS_1 0x1fffULL           /* 5.13: execute … make symbolic link */
#define RIGHT_REFER (1ULL << 13)     /* 5.19: rename and link across folders */
#define RIGHT_TRUNCATE (1ULL << 14)  /* 6.2 */
#define RIGHT_IOCTL_DEV (1ULL << 15) /* 6.10 */

#define RIGHTS_READ                                                            \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |           \
	 LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_DEVICE                                                          \
	(RIGHTS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_IOCTL_DEV)
#define RIGHTS_WRITE                                                           \
	((RIGHTS_1 | RIGHT_REFER | RIGHT_TRUNCATE) &                           \
	 ~(uint64_t)(LANDLOCK_ACCESS_FS_MAKE_CHAR |                            \
		     LANDLOCK_ACCESS_FS_MAKE_BLOCK))

static uint64_t handled(int abi)
{
	uint64_t rights = RIGHTS_1;

	if (abi >= 2)
		rights |= RIGHT_REFER;
	if (abi >= 3)
		rights |= RIGHT_TRUNCATE;
	if (abi >= 5)
		rights |= RIGHT_IOCTL_DEV;
	return rights;
}

int landlock_begin(int abi, struct err *err)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs =
						      handled(abi) };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr),
			      0);

	if (fd < 0)
		return err_sys(err, errno, "making a Landlock ruleset");
	return fd;
}

int landlock_allow(int ruleset, int abi, const char *path, const char *what,
		   struct err *err)
{
	uint64_t rights = str_equal(what, "write")    ? RIGHTS_WRITE
			  : str_equal(what, "device") ? RIGHTS_DEVICE
						      : RIGHTS_READ;
	_auto_close_ int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {
		.allowed_access = rights & handled(abi),
		.parent_fd = fd,
	};

	if (fd < 0)
		return err_sys(err, errno, "opening %s", path);
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &rule, 0) < 0)
		return err_sys(err, errno, "allowing %s", path);
	return 0;
}

int landlock_enforce(int ruleset, struct err *err)
{
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return err_sys(err, errno, "enforcing Landlock");
	return 0;
}
