/* SPDX-License-Identifier: Apache-2.0 */
/* Non-blocking connect(), a timer for each try. */
#include "executor/egress/dial.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define TRY_MS 10000

struct dial {
	struct loop *loop;
	struct net_address addresses[DIAL_ADDRESSES];
	unsigned count, next;
	uint16_t port;
	int fd, last_errno;
	struct loop_fd *watch;
	struct loop_timer *timer;
	dial_fn *fn;
	void *arg;
};

static socklen_t fill(struct sockaddr_storage *s, const struct net_address *a,
		      uint16_t port)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)s;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)s;

	memset(s, 0, sizeof(*s));
	if (a->family == 4) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(port);
		memcpy(&in4->sin_addr, a->bytes, 4);
		return sizeof(*in4);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, a->bytes, 16);
	return sizeof(*in6);
}

static int open_socket(const struct net_address *a)
{
	return socket(a->family == 4 ? AF_INET : AF_INET6,
		      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static bool can_bind(const struct net_address *a)
{
	_auto_close_ int fd = open_socket(a);
	struct sockaddr_storage s;
	socklen_t len = fill(&s, a, 0);

	return fd >= 0 && bind(fd, (struct sockaddr *)&s, len) == 0;
}

bool dial_is_own(const struct net_address *a)
{
	/* nobody's: where even this can be bound, a setting of the machine lets
	 * programs bind anything, and binding tells nothing */
	static const struct net_address nobody = { 4, { 240, 0, 0, 1 } };

	return can_bind(a) && !can_bind(&nobody);
}

static void stop(struct dial *d)
{
	loop_unwatch(d->watch);
	d->watch = NULL;
	loop_timer_cancel(d->timer);
	d->timer = NULL;
}

void dial_cancel(struct dial *d)
{
	if (!d)
		return;
	stop(d);
	fd_close(&d->fd);
	mem_free(d);
}

static void finish(struct dial *d)
{
	dial_fn *fn = d->fn;
	void *arg = d->arg;
	int fd = fd_take(&d->fd), why = d->last_errno;

	dial_cancel(d);
	fn(arg, fd, why);
}

static void try_next(struct dial *d);

static void failed(struct dial *d, int why)
{
	d->last_errno = why;
	stop(d);
	fd_close(&d->fd);
	try_next(d);
}

static void on_connected(void *arg, uint32_t events)
{
	struct dial *d = arg;
	socklen_t len = sizeof(int);
	int why = 0;

	if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &why, &len) < 0)
		why = errno;
	if (why) {
		failed(d, why);
		return;
	}
	stop(d);
	finish(d);
}

static void on_late(void *arg)
{
	struct dial *d = arg;

	d->timer = NULL;
	failed(d, ETIMEDOUT);
}

static void try_next(struct dial *d)
{
	const int on = 1;
	struct sockaddr_storage s;
	socklen_t len;

	if (d->next == d->count) {
		finish(d);
		return;
	}
	const struct net_address *a = &d->addresses[d->next++];
	d->fd = open_socket(a);
	if (d->fd < 0) {
		failed(d, errno);
		return;
	}
	setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	len = fill(&s, a, d->port);
	if (connect(d->fd, (struct sockaddr *)&s, len) < 0 &&
	    errno != EINPROGRESS) {
		failed(d, errno);
		return;
	}
	d->watch = loop_watch(d->loop, d->fd, EPOLLOUT, on_connected, d, NULL);
	if (!d->watch) {
		failed(d, ENOMEM);
		return;
	}
	d->timer = loop_at(d->loop, deadline_in_ms(TRY_MS), on_late, d);
}

static void begin(void *arg)
{
	struct dial *d = arg;

	d->timer = NULL;
	try_next(d);
}

struct dial *dial_start(struct loop *l, const struct dial_options *o)
{
	struct dial *d = mem_new(struct dial);

	d->loop = l;
	d->fd = -1;
	d->port = o->port;
	d->fn = o->fn;
	d->arg = o->arg;
	d->last_errno = EHOSTUNREACH;
	while (d->count < o->count && d->count < DIAL_ADDRESSES) {
		d->addresses[d->count] = o->addresses[d->count];
		d->count++;
	}
	d->timer = loop_at(l, (struct deadline){ 0 }, begin, d);
	return d;
}
