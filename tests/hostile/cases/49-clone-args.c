/* SPDX-License-Identifier: Apache-2.0 */
/* clone's flags with bits above, below and between, to slip past a comparison
 * that looks at too many of them. */
#include "probe.h"
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

static long clone_raw(unsigned long flags)
{
	long rc = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (rc == 0)
		_exit(0);
	if (rc > 0)
		waitpid((pid_t)rc, NULL, __WALL);
	return rc;
}

int main(void)
{
	static const unsigned long spaces[] = {
		CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,    CLONE_NEWUSER,
		CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP,
	};
	/* CLONE_VM, SIGHAND and THREAD would share this stack */
	static const unsigned long safe = CLONE_FS | CLONE_FILES | CLONE_IO |
					  CLONE_SYSVSEM;

	for (unsigned i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		unsigned long f = spaces[i];

		for (int bit = 32; bit < 64; bit++)
			REFUSED("a high bit",
				clone_raw(f | 1UL << bit | SIGCHLD), EPERM);
		for (int sig = 0; sig < 65; sig++)
			REFUSED("an exit signal", clone_raw(f | (unsigned)sig),
				EPERM);
		REFUSED("other flags", clone_raw(f | safe | SIGCHLD), EPERM);
		REFUSED("all bits above",
			clone_raw(f | 0xffffffff00000000UL | SIGCHLD), EPERM);
		for (unsigned j = 0; j < i; j++)
			REFUSED("two of them",
				clone_raw(f | spaces[j] | SIGCHLD), EPERM);
	}
	return probe_end();
}
