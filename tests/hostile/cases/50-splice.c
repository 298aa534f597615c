/* SPDX-License-Identifier: Apache-2.0 */
/* Into the pages of a file that may only be read: by splice (Dirty Pipe), by a
 * private mapping (Dirty COW), by /proc/self/mem. */
#include "probe.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/uio.h>

#define TARGET "/etc/passwd"

static char before[4096];
static ssize_t size;
static volatile int stop;
static char *map;

static int unchanged(void)
{
	char now[4096];
	int fd = open(TARGET, O_RDONLY);
	ssize_t n = read(fd, now, sizeof(now));

	close(fd);
	return n == size && !memcmp(now, before, (size_t)n);
}

/* A pipe whose buffers were all full once keeps their flags. */
static void dirty_pipe(void)
{
	int fds[2], fd = open(TARGET, O_RDONLY);
	static char page[4096];
	loff_t at = 1;

	if (pipe(fds))
		return;
	for (int i = 0; i < 16; i++)
		write(fds[1], page, sizeof(page));
	for (int i = 0; i < 16; i++)
		read(fds[0], page, sizeof(page));
	splice(fd, &at, fds[1], NULL, 1, 0);
	write(fds[1], "DIRTY", 5);
	HOLDS("dirty pipe", unchanged());
	REFUSED("splice to it", splice(fds[0], NULL, fd, NULL, 1, 0), EBADF,
		EACCES, EINVAL);
	struct iovec io = { page, sizeof(page) };

	REFUSED("vmsplice", vmsplice(fds[1], &io, 1, 0), EPERM);
}

static void *throw_away(void *arg)
{
	while (!stop)
		madvise(map, 4096, MADV_DONTNEED);
	return arg;
}

static void dirty_cow(void)
{
	int fd = open(TARGET, O_RDONLY), mem = open("/proc/self/mem", O_RDWR);
	pthread_t t;

	map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	pthread_create(&t, NULL, throw_away, NULL);
	for (int i = 0; i < 20000 && mem >= 0; i++)
		pwrite(mem, "DIRTY", 5, (off_t)(unsigned long)map);
	stop = 1;
	pthread_join(t, NULL);
	HOLDS("dirty cow", unchanged());
	REFUSED("a shared mapping for writing",
		mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED
			? -1
			: 0,
		EACCES, EPERM);
	REFUSED("copy_file_range to it",
		copy_file_range(open("/etc/group", O_RDONLY), NULL, fd, NULL,
				10, 0),
		EBADF);
	REFUSED("sendfile to it",
		syscall(SYS_sendfile, fd, open("/etc/group", O_RDONLY), 0, 10),
		EBADF);
}

int main(void)
{
	int fd = open(TARGET, O_RDONLY);

	size = read(fd, before, sizeof(before));
	HOLDS("there is something to change", size > 10);
	dirty_pipe();
	dirty_cow();
	return probe_end();
}
