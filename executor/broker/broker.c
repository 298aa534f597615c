/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main loop: packets of the front and of nests go to the boxes they name. What
 * happens to a box is server_box.c and server_exec.c; nothing is decided here.
 */
#include "executor/broker/broker.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/broker/egress_link.h"
#include "executor/broker/server_box.h"
#include "executor/broker/server_exec.h"
#include "executor/broker/nests.h"
#include "executor/broker/server.h"
#include "executor/jail/caps.h"
#include "executor/jail/uids.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define END_MS 5000
#define SWEEP_MS                                                               \
	20 /* per folder; what is busy longer waits for the next start */
#define SOCKET_BYTES (4 << 20)

/* ---- what nests say ---- */

static void on_nest_packet(struct nest_link *n, struct wire_packet *p)
{
	struct box *x = server_box_find(n->server, p->head.seq);
	struct err none = { 0 };

	/* of a box that is gone already, or of another nest */
	if (!x || x->nest != n)
		return;
	switch (p->head.op) {
	case NEST_MADE:
		server_box_made(x, p);
		break;
	case NEST_STARTED:
		server_exec_started(x,
				    p->error.err.code ? &p->error.err : &none);
		break;
	case NEST_ENDED:
		server_exec_ended(x, &p->nest_ended);
		break;
	case NEST_KILLED:
		server_exec_killed(x, p->nest_killed.empty != 0);
		break;
	case NEST_GONE:
		server_box_gone(x);
		break;
	default:
		break;
	}
}

static void on_nest_dead(struct nest_link *n, const struct err *why)
{
	struct server *s = n->server;
	struct err kept = *why;

	/* first the nest, so that nothing of its boxes runs any more */
	for (struct box *x = s->boxes; x; x = x->next)
		if (x->nest == n)
			x->gone = true;
	nests_end(n);
	for (struct box *x = s->boxes, *next; x; x = next) {
		next = x->next;
		if (x->nest == n)
			server_box_lost(x, &kept);
	}
}

static const struct nests_events nest_events = {
	.packet = on_nest_packet,
	.dead = on_nest_dead,
};

/* ---- what the front says ---- */

/* Why there will be no boxes; the client keeps it as the reason of our death. */
static void tell_failure(int front, const struct err *why)
{
	struct wire_error lost = { .err = *why };
	struct wire_out out = { .op = WIRE_LOST, .body = &lost };

	wire_send(front, &out, NULL);
}

static void on_make(struct server *s, struct wire_packet *p)
{
	struct nest_link *n = NULL;
	struct err err = { 0 };
	/* nests_get may fork; nothing of the packet is needed after */
	int rc = nests_get(s, p->make.profile, &nest_events, &n, &err);

	server_box_make(s, n, p, rc ? &err : NULL);
}

static void on_request(struct server *s, struct wire_packet *p)
{
	struct box *x = server_box_find(s, p->head.seq);

	switch (p->head.op) {
	case WIRE_MAKE:
		on_make(s, p);
		break;
	case WIRE_START:
		if (x)
			server_exec_start(x, p);
		break;
	case WIRE_KILL:
		if (x && p->kill.why >= REASON_TIME &&
		    p->kill.why <= REASON_BROKEN)
			server_exec_kill(x, (enum reason)p->kill.why);
		break;
	case WIRE_END:
		if (x)
			server_box_end(x);
		break;
	default:
		s->over = true;
		break;
	}
}

static void on_front(void *arg, uint32_t events)
{
	struct server *s = arg;
	struct err why = { 0 };
	int op = wire_recv(s->front, &s->packet, &why);

	if (op == -ERR_BUSY)
		return;
	if (op <= 0) {
		/* a front of another build learns it by our version */
		if (op < 0)
			tell_failure(s->front, &why);
		s->over = true;
		return;
	}
	on_request(s, &s->packet);
	wire_drop(&s->packet);
}

/* ---- beginning and end ---- */

/* Groups if the machine gives them; otherwise plans say what is missing. */
static int prepare_groups(struct server *s, struct err *err)
{
	struct cgroup_root *root = &s->groups;
	uid_t nest = s->machine.root ? UIDS_BASE : s->machine.uid;
	int rc;

	cgroup_root_plan(root, &s->machine, s->state.id);
	if (root->driver) {
		/* noted before they are made: a crash in between leaves a
		 * name, not a folder */
		rc = state_note(&s->state, root, err);
		if (rc)
			return rc;
		if (cgroup_root_create(root, nest, NULL))
			root->driver = NULL;
	}
	/* plans are made of what can really be had */
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		s->machine.controllers[i].writable &= root->driver &&
						      root->has[i];
	return 0;
}

/*
 * What root's broker needs: maps of nests and of itself, its groups whoever
 * owns them, killing, and the rights that the proxy gives up itself. A user
 * namespace that it makes has rights of its own.
 */
#define KEPT_CAPS                                                              \
	(1ULL << CAP_SETUID | 1ULL << CAP_SETGID | 1ULL << CAP_SETPCAP |       \
	 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_CHOWN |                           \
	 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_KILL)

/* Boxes lower their limits from ours; ours are as high as allowed. */
static void raise_limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int begin(struct server *s, struct err *err)
{
	char path[600];
	int bytes = SOCKET_BYTES;
	int rc = state_open(&s->state, &s->machine, err);

	if (rc)
		return rc;
	if (s->machine.root)
		rc = uids_check(err);
	if (!rc && machine_own_uids(&s->machine)) {
		snprintf(path, sizeof(path), "%s/uids", s->state.dir);
		rc = uids_open(&s->uids, path,
			       s->machine.root ? UIDS_COUNT
					       : s->machine.sub_uids.count + 1,
			       err);
	}
	if (!rc)
		rc = prepare_groups(s, err);
	if (!rc)
		rc = fd_set_nonblock(s->front, true, err);
	if (rc)
		return rc;
	raise_limits();
	setsockopt(s->front, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	if (s->machine.root)
		rc = caps_keep(KEPT_CAPS, err);
	if (rc)
		return rc;
	s->loop = loop_create(err);
	if (!s->loop)
		return -ERR_SYSTEM;
	s->front_watch = loop_watch(s->loop, s->front, EPOLLIN, on_front, s,
				    err);
	return s->front_watch ? 0 : -ERR_SYSTEM;
}

static void sweep(void *arg)
{
	struct server *s = arg;

	if (!s->over)
		state_sweep(&s->state, SWEEP_MS);
}

static void end(struct server *s)
{
	bool clean;

	s->over = true;
	loop_unwatch(s->front_watch);
	fd_close(&s->front);
	while (s->nests)
		nests_end(s->nests);
	clean = server_box_end_all(s, END_MS);
	egress_link_stop(s);
	if (s->groups.driver) {
		if (s->groups.driver->attach_by_clone)
			cgroup_sweep(s->groups.path[0], END_MS);
		clean &= cgroup_root_destroy(&s->groups);
	}
	state_close(&s->state, clean);
	uids_close(s->uids);
	loop_destroy(s->loop);
}

int broker_serve(const struct broker_serve_options *o, struct err *err)
{
	struct server *s = mem_new(struct server);
	struct err why = { 0 };
	int rc;

	s->front = o->front;
	s->share = o->share;
	s->egress = o->egress;
	s->title = o->title;
	s->title_len = o->title_len;
	s->watch = o->watch;
	s->state.owner_fd = -1;
	machine_probe(&s->machine);
	rc = begin(s, &why);
	if (rc)
		tell_failure(s->front, &why);
	if (!rc)
		loop_defer(s->loop, sweep, s);
	while (!rc && !s->over)
		rc = loop_step(s->loop, DEADLINE_NEVER, &why);
	if (rc && err)
		*err = why;
	end(s);
	mem_free(s);
	return rc;
}
