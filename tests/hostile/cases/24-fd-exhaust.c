/* SPDX-License-Identifier: Apache-2.0 */
/* All descriptors of many processes, and sockets that hold themselves in their
 * own queues, which only the kernel's collector finds. */
#include "probe.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

static int send_fd(int sock, int fd)
{
	char data = 'x', control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec io = { &data, 1 };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &m, MSG_DONTWAIT) < 0 ? -1 : 0;
}

/* Pairs that lie in each other's queues; how many until it is refused. */
static int cycles(void)
{
	int n = 0, pair[2];

	for (; n < 20000; n++) {
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
			break;
		if (send_fd(pair[0], pair[0]) || send_fd(pair[0], pair[1]) ||
		    send_fd(pair[1], pair[0]))
			break;
		close(pair[0]);
		close(pair[1]);
	}
	return n;
}

int main(void)
{
	struct rlimit more = { 1 << 20, 1 << 20 };
	int n = 0, status, fd;

	REFUSED("a higher RLIMIT_NOFILE", setrlimit(RLIMIT_NOFILE, &more),
		EPERM);
	printf("cycles %s\n", cycles() < 20000 ? "bounded" : "collected");
	for (int i = 0; i < 40; i++)
		if (fork() == 0) {
			while ((fd = open("/dev/null", O_RDONLY)) >= 0)
				;
			_exit(errno == EMFILE ? 0 : 1);
		}
	while (wait(&status) > 0)
		n += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	HOLDS("every process ends at EMFILE", n == 40);
	return probe_end();
}
