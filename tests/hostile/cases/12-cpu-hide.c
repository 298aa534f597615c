/* SPDX-License-Identifier: Apache-2.0 */
/* Children that use a little cpu time each and are gone before anybody looks;
 * no one waits for them in time, and some lose their parent. */
#include "probe.h"
#include <signal.h>
#include <time.h>
#include <sys/wait.h>

static void burn(long ms)
{
	struct timespec t;

	do {
		for (volatile int i = 0; i < 10000; i++)
			;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	} while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < ms);
}

int main(void)
{
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (fork() == 0)
				burn(10); /* an orphan's share */
			burn(10);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	puts("all gone");
	usleep(300000);
	return 0;
}
