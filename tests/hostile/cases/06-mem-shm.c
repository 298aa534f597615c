/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that belongs to no process: POSIX and System V shared memory, memfds,
 * message queues. What takes the most is ended by the limit. */
#include "probe.h"
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#define PIECE (4UL << 20)

static void posix_shm(void)
{
	for (int i = 0;; i++) {
		char name[32];
		int fd;
		char *p;

		snprintf(name, sizeof(name), "/s%d", i);
		fd = shm_open(name, O_CREAT | O_RDWR, 0600);
		if (fd < 0 || posix_fallocate(fd, 0, PIECE))
			break;
		p = mmap(NULL, PIECE, PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
		if (p == MAP_FAILED)
			break;
		memset(p, 1, PIECE);
		printf("%d MiB\n", (i + 1) * 4);
	}
	printf("posix ends\n");
}

static void sysv(void)
{
	for (;;) {
		int id = shmget(IPC_PRIVATE, PIECE, IPC_CREAT | 0600);
		char *p = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

		if (p == (void *)-1)
			break;
		memset(p, 1, PIECE);
		shmdt(p); /* it stays, nobody has it mapped */
	}
	printf("sysv ends\n");
}

static void memfds(void)
{
	for (;;) {
		int fd = memfd_create("m", 0);

		if (fd < 0)
			break;
		while (write(fd, malloc(65536), 65536) > 0)
			if (lseek(fd, 0, SEEK_CUR) > 16L << 20)
				break;
	}
	printf("memfds end: %s\n", strerror(errno));
}

static void queues(void)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = 1024 };
	int n = 0;

	for (;; n++) {
		char name[32];

		snprintf(name, sizeof(name), "/q%d", n);
		if (mq_open(name, O_CREAT | O_RDWR, 0600, &attr) < 0)
			break;
	}
	printf("queues end after %d: %s\n", n, strerror(errno));
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IONBF, 0);
	if (!strcmp(kind, "posix"))
		posix_shm();
	if (!strcmp(kind, "sysv"))
		sysv();
	if (!strcmp(kind, "memfd"))
		memfds();
	if (!strcmp(kind, "queue"))
		queues();
	return 0;
}
