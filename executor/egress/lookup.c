/* SPDX-License-Identifier: Apache-2.0 */
/* Questions in order, those under way by number; answers to others are thrown
 * away. */
#include "executor/egress/lookup.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>
#include <sys/epoll.h>

#define WAIT_MS 20000 /* with the time in the resolver's queue */

struct lookup {
	struct lookup *next;
	struct lookups *all;
	uint32_t id; /* 0: not asked yet */
	uint32_t owner;
	char name[NET_HOST_MAX + 1];
	struct loop_timer *timer;
	lookup_fn *fn;
	void *arg;
};

struct lookups {
	struct loop *loop;
	int sock;
	struct loop_fd *watch;
	struct lookup *first;
	uint32_t last_id;
	bool sending; /* a deferred call will */
	void (*dead)(void *arg);
	void *arg;
};

static unsigned under_way(const struct lookups *s, uint32_t owner)
{
	unsigned n = 0;

	for (const struct lookup *l = s->first; l; l = l->next)
		n += l->id && l->owner == owner;
	return n;
}

/* Sends what may be sent. A full socket is tried again with the next answer:
 * hundreds of names are before this one. */
static void send_waiting(struct lookups *s)
{
	struct resolver_question q;

	for (struct lookup *l = s->first; l; l = l->next) {
		if (l->id || under_way(s, l->owner) >= LOOKUP_OWNER_MAX)
			continue;
		memset(&q, 0, sizeof(q));
		q.id = s->last_id + 1 ? s->last_id + 1 : 1;
		str_copy(q.name, sizeof(q.name), l->name);
		if (fd_send(s->sock, &q, sizeof(q), NULL, 0, NULL))
			return;
		l->id = s->last_id = q.id;
	}
}

static void send_later(void *arg)
{
	struct lookups *s = arg;

	s->sending = false;
	send_waiting(s);
}

static void drop(struct lookup *l)
{
	struct lookups *s = l->all;
	struct lookup **at = &s->first;

	while (*at && *at != l)
		at = &(*at)->next;
	if (*at)
		*at = l->next;
	loop_timer_cancel(l->timer);
	mem_free(l);
	/* another one's turn; not from inside of whoever drops this one */
	if (s->first && !s->sending) {
		s->sending = true;
		loop_defer(s->loop, send_later, s);
	}
}

void lookup_cancel(struct lookup *l)
{
	if (!l)
		return;
	/* The resolver works on it all the same, and it counts: else asking
	 * and hanging up would take all of it. */
	if (l->id)
		l->fn = NULL;
	else
		drop(l);
}

static void finish(struct lookup *l, const struct net_address *addresses,
		   unsigned count)
{
	lookup_fn *fn = l->fn;
	void *arg = l->arg;

	drop(l);
	if (fn)
		fn(arg, addresses, count);
}

static void on_late(void *arg)
{
	struct lookup *l = arg;

	l->timer = NULL;
	finish(l, NULL, 0);
}

static void on_answer(void *arg, uint32_t events)
{
	struct lookups *s = arg;
	struct resolver_answer a;
	int fds[FD_PACKET_FDS];
	unsigned nfds;
	ssize_t n = fd_recv(s->sock, &a, sizeof(a), fds, &nfds, NULL);

	if (n == -ERR_BUSY)
		return;
	if (n != sizeof(a) || a.count > RESOLVER_ADDRESSES) {
		s->dead(s->arg);
		return;
	}
	for (struct lookup *l = s->first; l; l = l->next)
		if (l->id == a.id) {
			finish(l, a.addresses, a.count);
			return;
		}
}

struct lookups *lookups_create(struct loop *l, int sock,
			       void (*dead)(void *arg), void *arg,
			       struct err *err)
{
	struct lookups *s = mem_new(struct lookups);

	s->loop = l;
	s->sock = sock;
	s->dead = dead;
	s->arg = arg;
	if (fd_set_nonblock(sock, true, err) == 0)
		s->watch = loop_watch(l, sock, EPOLLIN, on_answer, s, err);
	if (s->watch)
		return s;
	lookups_destroy(s);
	return NULL;
}

void lookups_destroy(struct lookups *s)
{
	if (!s)
		return;
	s->sending = true; /* nothing is sent any more */
	while (s->first)
		drop(s->first);
	loop_unwatch(s->watch);
	fd_close(&s->sock);
	mem_free(s);
}

struct lookup *lookup_start(struct lookups *s, const struct lookup_options *o)
{
	struct lookup *l = mem_new(struct lookup), **at = &s->first;

	l->all = s;
	l->owner = o->owner;
	str_copy(l->name, sizeof(l->name), o->name);
	l->fn = o->fn;
	l->arg = o->arg;
	while (*at)
		at = &(*at)->next;
	*at = l;
	l->timer = loop_at(s->loop, deadline_in_ms(WAIT_MS), on_late, l);
	send_waiting(s);
	return l;
}
