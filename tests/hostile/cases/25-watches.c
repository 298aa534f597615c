/* SPDX-License-Identifier: Apache-2.0 */
/* Things that the kernel counts per user: inotify, epoll, pending signals. Each
 * ends by an error here; boxes_test.c looks that a second box has its own. */
#include "probe.h"
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/wait.h>

int main(void)
{
	union sigval v = { 0 };
	sigset_t all;
	int n = 0, status, limited = 0;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	while (n < 200000 && sigqueue(getpid(), SIGRTMIN + 3, v) == 0)
		n++;
	HOLDS("pending signals are bounded", n < 200000 && errno == EAGAIN);
	for (int i = 0; i < 20; i++)
		if (fork() == 0) {
			while (inotify_init1(0) >= 0)
				;
			if (errno == EMFILE)
				_exit(0);
			_exit(1);
		}
	while (wait(&status) > 0)
		limited += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	HOLDS("inotify instances are bounded", limited == 20);
	return probe_end();
}
