/* SPDX-License-Identifier: Apache-2.0 */
/* One loop that forks for questions and answers for those who died. */
#include "executor/egress/resolver.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	pid_t pid; /* 0: free */
	uint32_t id;
};

struct resolver {
	int sock, signals;
	unsigned running;
	struct child children[RESOLVER_CHILDREN];
};

static void say(int sock, const struct resolver_answer *a)
{
	if (fd_send(sock, a, sizeof(*a), NULL, 0, NULL))
		_exit(1);
}

static void add_address(struct resolver_answer *a, const struct sockaddr *s)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)s;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)s;

	if (a->count == RESOLVER_ADDRESSES)
		return;
	if (s->sa_family == AF_INET)
		net_address_set(&a->addresses[a->count++], &in4->sin_addr, 4);
	else if (s->sa_family == AF_INET6)
		net_address_set(&a->addresses[a->count++], &in6->sin6_addr, 16);
}

/* In a child: asks, in the order in which they should be tried. */
static _Noreturn void look_up(int sock, const struct resolver_question *q)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct resolver_answer a = { .id = q->id };
	struct addrinfo *list = NULL;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(RESOLVER_SECONDS);
	if (getaddrinfo(q->name, NULL, &hints, &list) == 0)
		for (struct addrinfo *one = list; one; one = one->ai_next)
			add_address(&a, one->ai_addr);
	say(sock, &a);
	_exit(0);
}

static void on_question(struct resolver *r)
{
	struct resolver_question q;
	struct resolver_answer failed = { 0 };
	struct child *c = r->children;
	int fds[FD_PACKET_FDS];
	unsigned nfds;
	ssize_t n = fd_recv(r->sock, &q, sizeof(q), fds, &nfds, NULL);

	if (n != sizeof(q))
		_exit(n == 0 ? 0 : 1); /* the proxy is gone, or mad */
	q.name[sizeof(q.name) - 1] = '\0';
	while (c->pid)
		c++;
	c->id = failed.id = q.id;
	c->pid = fork();
	if (c->pid == 0)
		look_up(r->sock, &q);
	if (c->pid > 0) {
		r->running++;
		return;
	}
	c->pid = 0;
	say(r->sock, &failed);
}

/* Who has not ended well has not answered. */
static void reap(struct resolver *r)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(r->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (struct child *c = r->children;
		     c < r->children + RESOLVER_CHILDREN; c++) {
			struct resolver_answer failed = { .id = c->id };

			if (c->pid != pid)
				continue;
			c->pid = 0;
			r->running--;
			if (status)
				say(r->sock, &failed);
		}
}

_Noreturn void resolver_main(int sock)
{
	struct resolver r = { .sock = sock };
	sigset_t set;

	/* a name is asked for as it stands, and not for ever */
	setenv("LOCALDOMAIN", "", 1);
	setenv("RES_OPTIONS", "timeout:2 attempts:2", 1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_SETMASK, &set, NULL);
	r.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r.signals < 0)
		_exit(1);
	for (;;) {
		struct pollfd polls[2] = {
			{ r.signals, POLLIN, 0 },
			{ r.running < RESOLVER_CHILDREN ? sock : -1, POLLIN,
			  0 },
		};

		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (polls[0].revents)
			reap(&r);
		if (polls[1].revents)
			on_question(&r);
	}
}
