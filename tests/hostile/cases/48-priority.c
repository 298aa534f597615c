/* SPDX-License-Identifier: Apache-2.0 */
/* More of the processor and the disks than others, and sleep that ends. */
#include "probe.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>

int main(void)
{
	struct sched_param high = { .sched_priority = 1 };
	struct rlimit most = { RLIM_INFINITY, RLIM_INFINITY };
	/* struct sched_attr: SCHED_DEADLINE, 1 ms of 10 */
	unsigned long long deadline[6] = {
		48 | 6ULL << 32, 0, 0, 1000000, 10000000, 10000000
	};
	timer_t t;

	setpriority(PRIO_PROCESS, 0, 0);
	REFUSED("nice -20", setpriority(PRIO_PROCESS, 0, -20), EACCES, EPERM);
	REFUSED("SCHED_FIFO", sched_setscheduler(0, SCHED_FIFO, &high), EPERM);
	REFUSED("SCHED_RR", sched_setscheduler(0, SCHED_RR, &high), EPERM);
	REFUSED("SCHED_DEADLINE", syscall(SYS_sched_setattr, 0, deadline, 0),
		EPERM, EINVAL, EBUSY);
	REFUSED("the disk first", syscall(SYS_ioprio_set, 1, 0, 1 << 13),
		EPERM);
	REFUSED("RLIMIT_NICE", setrlimit(RLIMIT_NICE, &most), EPERM);
	REFUSED("RLIMIT_RTPRIO", setrlimit(RLIMIT_RTPRIO, &most), EPERM);
	REFUSED("RLIMIT_NPROC", setrlimit(RLIMIT_NPROC, &most), EPERM);
	REFUSED("RLIMIT_MSGQUEUE", setrlimit(RLIMIT_MSGQUEUE, &most), EPERM);
	REFUSED("waking the machine",
		timer_create(CLOCK_REALTIME_ALARM, NULL, &t), EPERM, EINVAL,
		EOPNOTSUPP);
	REFUSED("waking by a timerfd", timerfd_create(CLOCK_BOOTTIME_ALARM, 0),
		EPERM, EINVAL);
	return probe_end();
}
