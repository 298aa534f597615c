/* SPDX-License-Identifier: Apache-2.0 */
/* A namespace of its own would give rights over new parts of the kernel. */
#include "probe.h"
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/wait.h>

int main(void)
{
	static const unsigned long flags[] = {
		CLONE_NEWUSER,   CLONE_NEWNS,   CLONE_NEWPID,
		CLONE_NEWNET,    CLONE_NEWUTS,  CLONE_NEWIPC,
		CLONE_NEWCGROUP, CLONE_NEWTIME, CLONE_NEWUSER | CLONE_NEWNS,
	};
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS,
		.exit_signal = SIGCHLD,
	};

	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		REFUSED("unshare", syscall(SYS_unshare, flags[i]), EPERM);
	REFUSED("clone3", syscall(SYS_clone3, &args, sizeof(args)), ENOSYS);
	args.flags = 0;
	REFUSED("plain clone3", syscall(SYS_clone3, &args, sizeof(args)),
		ENOSYS);
	REFUSED("write uid_map", open("/proc/self/uid_map", O_RDWR), EACCES,
		EPERM, EROFS);
	REFUSED("write setgroups", open("/proc/self/setgroups", O_RDWR), EACCES,
		EPERM, EROFS);
	REFUSED("setuid 0", setuid(0), EINVAL, EPERM);
	REFUSED("setgid 0", setgid(0), EINVAL, EPERM);
	REFUSED("setresuid", setresuid(65534, 65534, 65534), EINVAL, EPERM);
	HOLDS("uid 1000", getuid() == 1000 && geteuid() == 1000);
	HOLDS("gid 1000", getgid() == 1000 && getegid() == 1000);
	return probe_end();
}
