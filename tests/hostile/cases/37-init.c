/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that one process can do to another, done to pid 1 of the box and
 * to a sibling. A file is left: that it arrives shows that pid 1 still works. */
#include "probe.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

static void attack(pid_t pid)
{
	char data[64];
	struct iovec here = { data, sizeof(data) },
		     there = { (void *)0x400000, sizeof(data) };
	struct rlimit none = { 0, 0 };

	REFUSED("ptrace attach", ptrace(PTRACE_ATTACH, pid, 0, 0), EPERM);
	REFUSED("ptrace seize", ptrace(PTRACE_SEIZE, pid, 0, 0), EPERM);
	REFUSED("process_vm_readv",
		syscall(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0),
		EPERM, ENOSYS);
	REFUSED("process_vm_writev",
		syscall(SYS_process_vm_writev, pid, &here, 1, &there, 1, 0),
		EPERM, ENOSYS);
	REFUSED("kcmp", syscall(SYS_kcmp, getpid(), pid, 0, 0, 0), EPERM,
		ENOSYS);
	for (int r = 0; r < RLIM_NLIMITS; r++)
		REFUSED("prlimit of another",
			prlimit(pid, (enum __rlimit_resource)r, &none, NULL),
			EPERM);
	REFUSED("migrate_pages", syscall(SYS_migrate_pages, pid, 0, 0, 0),
		EPERM, ENOSYS);
	REFUSED("pidfd_getfd",
		syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, pid, 0), 0, 0),
		EPERM, ENOSYS);
}

static void signal_init(void)
{
	for (int s = 1; s < 65; s++) {
		kill(1, s);
		syscall(SYS_tgkill, 1, 1, s);
		syscall(SYS_pidfd_send_signal, syscall(SYS_pidfd_open, 1, 0), s,
			0, 0);
	}
	/* nuisances: they may work, but must not matter */
	struct sched_param zero = { 0 };
	cpu_set_t one;

	setpriority(PRIO_PROCESS, 1, 19);
	sched_setscheduler(1, SCHED_IDLE, &zero);
	CPU_ZERO(&one);
	CPU_SET(1, &one);
	sched_setaffinity(1, sizeof(one), &one);
	syscall(SYS_ioprio_set, 1, 1, 3 << 13);
}

int main(void)
{
	pid_t sibling = fork();
	int fd;

	if (sibling == 0)
		for (;;)
			pause();
	attack(1);
	attack(sibling);
	REFUSED("/proc/1/mem", open("/proc/1/mem", O_RDWR), ENOENT, EACCES);
	signal_init();
	/* everybody but us and pid 1, as often as we like */
	for (int i = 0; i < 100; i++)
		kill(-1, SIGKILL);
	HOLDS("kill reached the sibling", waitpid(sibling, NULL, 0) == sibling);
	fd = open("alive", O_CREAT | O_WRONLY, 0600);
	HOLDS("a file", fd >= 0 && write(fd, "yes\n", 4) == 4);
	return probe_end();
}
