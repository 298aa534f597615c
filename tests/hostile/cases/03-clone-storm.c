/* SPDX-License-Identifier: Apache-2.0 */
/* clone with each flag that asks for a namespace, then with all others, then
 * threads and processes until no more are given. */
#include "probe.h"
#include <pthread.h>
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

static void *thread_main(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* Flags that a copy of the process can have without sharing its stack. */
static const unsigned long plain[] = {
	0,
	CLONE_FS,
	CLONE_FILES,
	CLONE_SYSVSEM,
	CLONE_PTRACE,
	CLONE_UNTRACED,
	CLONE_IO,
};

static const unsigned long spaces[] = {
	CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,    CLONE_NEWUSER,
	CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP,
};

int main(void)
{
	pthread_attr_t attr;
	pthread_t t;
	int threads = 0, processes = 0;

	for (unsigned i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		REFUSED("clone a namespace", clone_raw(spaces[i] | SIGCHLD),
			EPERM);
		REFUSED("clone it and a user namespace",
			clone_raw(spaces[i] | CLONE_NEWUSER | SIGCHLD), EPERM);
	}
	for (unsigned i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		HOLDS("a plain clone", clone_raw(plain[i] | SIGCHLD) > 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	while (threads < 30 &&
	       pthread_create(&t, &attr, thread_main, NULL) == 0)
		threads++;
	for (;;) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0)
			for (;;)
				pause();
		processes++;
	}
	HOLDS("the end of processes is EAGAIN", errno == EAGAIN);
	HOLDS("threads and processes count as one",
	      1 + threads + processes <= 64 && 1 + threads + processes > 32);
	return probe_end();
}
