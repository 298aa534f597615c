/* SPDX-License-Identifier: Apache-2.0 */
/* What the caller left open, ignored, blocked: the runner leaks a folder, a
 * file, signals and a mask on purpose. */
#include "probe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/resource.h>

int main(void)
{
	struct stat st;
	struct sigaction sa;
	sigset_t blocked;
	char name[64];
	mode_t mask = umask(0);

	for (int fd = 0; fd < 4096; fd++) {
		int open_ = fcntl(fd, F_GETFD) >= 0;

		snprintf(name, sizeof(name), "descriptor %d", fd);
		HOLDS(name, open_ == (fd < 3));
	}
	for (int fd = 0; fd < 3; fd++)
		HOLDS("standard streams are pipes",
		      fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode));
	for (int fd = 0; fd < 64; fd++)
		REFUSED("openat by a leaked folder",
			openat(fd, "etc/shadow", O_RDONLY), EBADF, ENOTDIR);
	for (int s = 1; s < 32; s++) {
		snprintf(name, sizeof(name), "signal %d is as at birth", s);
		if (s == SIGKILL || s == SIGSTOP)
			continue;
		HOLDS(name,
		      sigaction(s, NULL, &sa) == 0 && sa.sa_handler == SIG_DFL);
	}
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int s = 1; s < 32; s++)
		HOLDS("no signal is blocked", !sigismember(&blocked, s));
	HOLDS("the mask of files is 022", mask == 022);
	HOLDS("no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	HOLDS("a filter", prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2);
	HOLDS("no group of the caller", getgroups(0, NULL) == 0);
	HOLDS("no terminal", open("/dev/tty", O_RDWR) < 0);
	HOLDS("no session of the caller", getsid(0) == getpid());
	return probe_end();
}
