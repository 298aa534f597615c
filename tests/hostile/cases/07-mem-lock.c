/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that the machine cannot take back: locked pages, huge pages. */
#include "probe.h"
#include <linux/memfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>

#define MUCH (8UL << 20)

int main(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	char *p = mmap(NULL, MUCH, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd;

	REFUSED("mlock", mlock(p, MUCH), ENOMEM, EPERM, EAGAIN);
	REFUSED("mlockall", mlockall(MCL_CURRENT | MCL_FUTURE), ENOMEM, EPERM);
	REFUSED("MAP_LOCKED",
		mmap(NULL, MUCH, PROT_READ,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE,
		     -1, 0),
		EAGAIN, EPERM);
	REFUSED("SHM_LOCK",
		shmctl(shmget(IPC_PRIVATE, MUCH, IPC_CREAT | 0600), SHM_LOCK,
		       NULL),
		ENOMEM, EPERM);
	REFUSED("a higher RLIMIT_MEMLOCK", setrlimit(RLIMIT_MEMLOCK, &all),
		EPERM);
	REFUSED("SHM_HUGETLB",
		shmget(IPC_PRIVATE, MUCH, IPC_CREAT | SHM_HUGETLB | 0600),
		EPERM, ENOMEM, EINVAL, ENOSYS);
	REFUSED("MAP_HUGETLB",
		mmap(NULL, MUCH, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0),
		ENOMEM, EINVAL, EPERM);
	fd = memfd_create("huge", MFD_HUGETLB);
	REFUSED("MFD_HUGETLB", mmap(NULL, MUCH, PROT_READ, MAP_SHARED, fd, 0),
		ENOMEM, EINVAL, ENOSYS, EPERM, ENODEV, EBADF);
	return probe_end();
}
