/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that the kernel holds for a program: sixty processes with all the
 * descriptors they may have. The most that is ever tried is CAP, so that a
 * missing limit is seen without harm: then it says BROKEN.
 */
#include "probe.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define CAP (400L << 20) /* the limit is 256M */
#define PROCESSES 50

static long *taken; /* bytes, of all processes together */
static char piece[65536];

static int take(long n)
{
	if (n > 0)
		__atomic_add_fetch(taken, n, __ATOMIC_RELAXED);
	return __atomic_load_n(taken, __ATOMIC_RELAXED) < CAP;
}

static void fill(int fd)
{
	ssize_t n;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((n = write(fd, piece, sizeof(piece))) > 0 && take(n))
		;
}

static int unix_pair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static int pipe_pair(int fds[2])
{
	int rc = pipe(fds), t = fds[0];

	if (rc == 0)
		fcntl(fds[0], F_SETPIPE_SZ, 1 << 20);
	fds[0] = fds[1];
	fds[1] = t;
	return rc;
}

static int inet_pair(int fds[2], int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int big = 64 << 20;
	int s = socket(AF_INET, type, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(s, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
	if (s < 0 || bind(s, (void *)&at, len) ||
	    getsockname(s, (void *)&at, &len))
		return -1;
	if (type == SOCK_STREAM)
		listen(s, 1);
	fds[0] = socket(AF_INET, type, 0);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	if (fds[0] < 0 || connect(fds[0], (void *)&at, len))
		return -1;
	fds[1] = s;
	if (type != SOCK_STREAM)
		return 0;
	fds[1] = accept(s, NULL, NULL);
	close(s);
	return fds[1] < 0 ? -1 : 0;
}

/* Datagrams are dropped without an error, so what arrived is counted. */
/* What finds no room at the receiver is sent all the same, so he is asked. */
static void fill_udp(int fds[2])
{
	uint32_t now[16] = { 0 };
	socklen_t len = sizeof(now);

	for (int i = 0; i < 30; i++)
		if (send(fds[0], piece, 8000, MSG_DONTWAIT) < 0)
			break;
	if (getsockopt(fds[1], SOL_SOCKET, SO_MEMINFO, now, &len) == 0)
		take(now[0]); /* SK_MEMINFO_RMEM_ALLOC */
}

static int one(const char *kind)
{
	int fds[2];

	if (!strcmp(kind, "unix"))
		return unix_pair(fds) ? -1 : (fill(fds[0]), 0);
	if (!strcmp(kind, "pipes"))
		return pipe_pair(fds) ? -1 : (fill(fds[0]), 0);
	if (!strcmp(kind, "tcp"))
		return inet_pair(fds, SOCK_STREAM) ? -1 : (fill(fds[0]), 0);
	return inet_pair(fds, SOCK_DGRAM) ? -1 : (fill_udp(fds), 0);
}

static void hold_buffers(const char *kind)
{
	for (int i = 0; i < PROCESSES; i++) {
		if (fork())
			continue;
		while (one(kind) == 0 && take(0))
			;
		raise(SIGSTOP); /* holds what it has */
		for (;;)
			pause();
	}
	for (int i = 0; i < PROCESSES; i++)
		waitpid(-1, NULL, WUNTRACED);
	printf("%ld MiB held\n", *taken >> 20);
	if (*taken >= CAP)
		printf("BROKEN more than the limit is held\n");
}

/* Names that do not exist are remembered too. */
static void dentries(void)
{
	struct stat st;
	char name[64];

	for (long i = 0; i < 1500000; i++) {
		snprintf(name, sizeof(name), "/usr/none%ld%040ld", i, i);
		stat(name, &st);
	}
	printf("dentries done\n");
}

static void objects(void)
{
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	timer_t t;
	int timers = 0, epolls = 0, fd = epoll_create1(0);

	while (timers < 100000 && timer_create(CLOCK_MONOTONIC, &none, &t) == 0)
		timers++;
	while (fd >= 0 && epolls < 100000) {
		fd = epoll_create1(0);
		epolls += fd >= 0;
	}
	printf("timers %s\n", timers <= 1024 ? "bounded" : "BROKEN");
	printf("epolls %s\n", epolls <= 256 ? "bounded" : "BROKEN");
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	taken = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!strcmp(kind, "dentries"))
		dentries();
	else if (!strcmp(kind, "objects"))
		objects();
	else
		hold_buffers(kind);
	return 0;
}
