/* SPDX-License-Identifier: Apache-2.0 */
/* Questions under way, by number; answers to others are thrown away. */
#include "executor/egress/lookup.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <sys/epoll.h>

#define WAIT_MS 20000 /* with the time in the resolver's queue */

struct lookup {
	struct lookup *next;
	struct lookups *all;
	uint32_t id;
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
	void (*dead)(void *arg);
	void *arg;
};

void lookup_cancel(struct lookup *l)
{
	struct lookup **at;

	if (!l)
		return;
	for (at = &l->all->first; *at && *at != l;)
		at = &(*at)->next;
	if (*at)
		*at = l->next;
	loop_timer_cancel(l->timer);
	mem_free(l);
}

static void finish(struct lookup *l, const struct net_address *addresses,
		   unsigned count)
{
	lookup_fn *fn = l->fn;
	void *arg = l->arg;

	lookup_cancel(l);
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
	while (s->first)
		lookup_cancel(s->first);
	loop_unwatch(s->watch);
	fd_close(&s->sock);
	mem_free(s);
}

struct lookup *lookup_start(struct lookups *s, const char *name, lookup_fn *fn,
			    void *arg)
{
	struct resolver_question q = { .id = ++s->last_id };
	struct lookup *l;

	str_copy(q.name, sizeof(q.name), name);
	/* a full socket means hundreds of names before this one */
	if (fd_send(s->sock, &q, sizeof(q), NULL, 0, NULL))
		return NULL;
	l = mem_new(struct lookup);
	l->all = s;
	l->id = q.id;
	l->fn = fn;
	l->arg = arg;
	l->next = s->first;
	s->first = l;
	l->timer = loop_at(s->loop, deadline_in_ms(WAIT_MS), on_late, l);
	return l;
}
