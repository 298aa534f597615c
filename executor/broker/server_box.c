/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A box's life beside its programs: uid, group, the nest's answer, release. Every
 * path ends in free_box(), which gives everything back.
 */
#include "executor/broker/server_box.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/broker/egress_link.h"
#include "executor/broker/server_exec.h"
#include "executor/jail/uids.h"

#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BOXES_MAX 4000U /* a nest watches that many */
#define RELEASE_MS 5000 /* a group that is busy longer is left to the sweep */

struct box *server_box_find(const struct server *s, uint32_t number)
{
	for (struct box *x = s->boxes; x; x = x->next)
		if (x->number == number)
			return x;
	return NULL;
}

static void free_box(struct box *x)
{
	struct box **at = &x->server->boxes;

	while (*at && *at != x)
		at = &(*at)->next;
	if (*at)
		*at = x->next;
	x->server->box_count--;
	server_exec_stop(x);
	egress_link_end(x);
	cgroup_destroy(x->group);
	/* a quarantined process still has the uid: keep it locked */
	if (x->uid && !x->quarantined)
		uids_give(x->server->uids, x->uid);
	fd_close(&x->control);
	mem_free(x->plan);
	mem_free(x);
}

static void refuse(struct server *s, uint32_t number, const struct err *err)
{
	struct box answer = { .server = s, .number = number };
	struct wire_made made = { .err = *err };

	server_exec_tell(&answer, WIRE_MADE, &made, -1);
}

static int take_uid(struct box *x, struct err *err)
{
	if (!x->server->uids)
		return 0;
	return uids_take(x->server->uids, &x->uid, err);
}

static int make_group(struct box *x, struct err *err)
{
	char name[STR_ID_SIZE];

	if (!x->server->groups.driver)
		return 0;
	str_random_id(name);
	return cgroup_create(&x->group, &x->server->groups, name, err);
}

static int limit_group(struct box *x, struct err *err)
{
	const struct plan *p = x->plan;
	int rc = 0;

	for (unsigned i = p->first[PLAN_GROUP];
	     x->group && i < p->first[PLAN_GROUP + 1] && !rc; i++) {
		if (x->server->watch)
			x->server->watch(PLAN_GROUP, i);
		rc = cgroup_limit(x->group, p->steps[i].arg, p->steps[i].n,
				  err);
		if (rc)
			err_field(err, "group/%s", p->steps[i].arg);
	}
	return rc;
}

static uid_t nest_uid(const struct server *s)
{
	return s->machine.root ? UIDS_BASE : s->machine.uid;
}

/* It has said why, or its end will be seen: either comes later, and then for
 * this box, too. */
static bool nest_died(const struct box *x)
{
	struct pollfd p = { x->nest->sock, 0, 0 };

	return poll(&p, 1, 0) == 1 && p.revents & POLLHUP;
}

/* Init's socket and what processes enter the group by go to the nest. */
static int ask_nest(struct box *x, struct err *err)
{
	struct nest_make make = {
		.uid = x->uid,
		.no_network = !plan_has_proxy(x->plan),
		.limits = x->plan->limits,
	};
	int fds[1 + CONTROLLER_COUNT], pair[2], n = 0;
	int rc = fd_socketpair(pair, err);

	if (rc)
		return rc;
	x->control = pair[0];
	fds[0] = pair[1];
	if (x->group)
		n = cgroup_attach_open(x->group, nest_uid(x->server), fds + 1,
				       err);
	if (n >= 0) {
		struct wire_out out = {
			.op = NEST_MAKE,
			.seq = x->number,
			.body = &make,
			.fds = fds,
			.nfds = (unsigned)n + 1,
		};
		rc = wire_send(x->nest->sock, &out, err);
		if (rc == -ERR_SYSTEM && nest_died(x))
			rc = 0;
	} else {
		rc = n;
	}
	for (int i = 0; i <= n || i == 0; i++)
		fd_close(&fds[i]);
	return rc;
}

static int try_make(struct box *x, const struct wire_make *m, struct err *err)
{
	x->plan = mem_new(struct plan);
	int rc = plan_make(x->plan, x->nest->profile, &m->limits,
			   &x->server->machine, err);

	if (!rc && m->no_network)
		plan_close_network(x->plan);
	if (!rc)
		rc = plan_accept(x->plan, m->tier, err);
	/* it starts while the nest works */
	if (!rc && plan_has_proxy(x->plan))
		rc = egress_link_start(x->server, err);
	if (!rc)
		rc = take_uid(x, err);
	if (!rc)
		rc = make_group(x, err);
	if (!rc)
		rc = ask_nest(x, err);
	/* while the nest works */
	if (!rc)
		rc = limit_group(x, err);
	return rc;
}

void server_box_make(struct server *s, struct nest_link *n,
		     const struct wire_packet *p, const struct err *why)
{
	struct err err = { 0 };
	struct box *x;

	if (!why && server_box_find(s, p->head.seq))
		err_set(&err, ERR_CONFLICT, "the box exists");
	else if (!why && s->box_count >= BOXES_MAX)
		err_set(&err, ERR_QUEUE_FULL, "there are %u boxes", BOXES_MAX);
	if (why || err.code) {
		refuse(s, p->head.seq, why ? why : &err);
		return;
	}
	x = mem_new(struct box);
	x->server = s;
	x->nest = n;
	x->number = p->head.seq;
	x->control = x->report = x->listener = -1;
	x->next = s->boxes;
	s->boxes = x;
	s->box_count++;
	if (try_make(x, &p->make, &err) == 0)
		return;
	refuse(s, x->number, &err);
	/* the nest may have been asked already: its answer finds no box, and
	 * init ends with the control socket */
	free_box(x);
}

static void tell_made(struct box *x, const struct err *err)
{
	struct wire_made m = {
		.tier = x->plan->tier,
		.missing = x->plan->missing,
		.device = x->device,
		.limits = x->plan->limits,
	};

	if (err)
		m.err = *err;
	server_exec_tell(x, WIRE_MADE, &m, err ? -1 : x->control);
}

/* The last that a box waits for: its proxy, where it has one. */
static void on_served(struct box *x, const struct err *err)
{
	if (x->state != BOX_MAKING)
		return;
	tell_made(x, err);
	if (err) {
		server_box_end(x);
		return;
	}
	x->state = BOX_IDLE;
	fd_close(&x->control);
}

void server_box_made(struct box *x, struct wire_packet *p)
{
	struct err err = p->nest_made.err;

	if (err.code) {
		x->gone = true; /* the nest holds nothing of it */
		if (x->state == BOX_MAKING)
			tell_made(x, &err);
		x->state = BOX_ENDING;
		free_box(x);
		return;
	}
	if (x->state != BOX_MAKING)
		return;
	x->device = p->nest_made.device;
	if (!p->nfds)
		on_served(x, NULL);
	else if (egress_link_add(x, p->fds[0], on_served, &err))
		on_served(x, &err);
}

/* Init is dead; its processes are too, unless one hangs in the kernel. */
static void release(void *arg)
{
	struct box *x = arg;

	x->kill = NULL;
	if (!x->group || cgroup_kill(x->group) ||
	    clock_now_ns() > x->kill_until_ns) {
		x->quarantined = x->group && !cgroup_empty(x->group);
		free_box(x);
		return;
	}
	x->kill = loop_at(x->server->loop, deadline_in_ms(2), release, x);
}

static void ask_end(void *arg)
{
	struct box *x = arg;
	struct wire_out out = { .op = NEST_END, .seq = x->number };

	x->kill = NULL;
	if (!x->nest || x->gone)
		release(x);
	else if (wire_send(x->nest->sock, &out, NULL))
		/* the nest has much to do; its death is told otherwise */
		x->kill = loop_at(x->server->loop, deadline_in_ms(5), ask_end,
				  x);
}

void server_box_end(struct box *x)
{
	if (x->state == BOX_ENDING)
		return;
	server_exec_stop(x);
	x->state = BOX_ENDING;
	fd_close(&x->control);
	x->kill_until_ns = clock_now_ns() + RELEASE_MS * CLOCK_MS;
	if (x->group)
		cgroup_kill(x->group);
	ask_end(x);
}

void server_box_gone(struct box *x)
{
	struct wire_error lost = { 0 };

	x->gone = true;
	loop_timer_cancel(x->kill);
	x->kill = NULL;
	if (x->state != BOX_ENDING) {
		err_set(&lost.err, ERR_UNAVAILABLE, "the box's init died");
		server_exec_tell(x, WIRE_LOST, &lost, -1);
		server_box_end(x);
		return;
	}
	release(x);
}

void server_box_lost(struct box *x, const struct err *why)
{
	struct wire_error lost = { .err = *why };
	struct wire_made made = { .err = *why };

	if (x->state == BOX_MAKING)
		server_exec_tell(x, WIRE_MADE, &made, -1);
	else if (x->state != BOX_ENDING)
		server_exec_tell(x, WIRE_LOST, &lost, -1);
	x->nest = NULL;
	x->gone = true;
	loop_timer_cancel(x->kill);
	x->kill = NULL;
	if (x->state == BOX_ENDING)
		release(x);
	else
		server_box_end(x);
}

bool server_box_end_all(struct server *s, unsigned wait_ms)
{
	uint64_t until = clock_now_ns() + wait_ms * CLOCK_MS;
	const struct timespec pause = { .tv_nsec = CLOCK_MS };
	bool clean = true;

	while (s->boxes) {
		struct box *x = s->boxes;

		while (x->group && !cgroup_kill(x->group) &&
		       clock_now_ns() < until)
			nanosleep(&pause, NULL);
		x->quarantined = x->group && !cgroup_empty(x->group);
		clean &= !x->quarantined;
		free_box(x);
	}
	return clean;
}
