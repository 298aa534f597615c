/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One program's life in a box. It ends in finish(), once, when the nest has reaped
 * it and its group is empty, or when neither came true in time.
 */
#include "executor/broker/server_exec.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/str.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUILD_MS 10000 /* from request to exec */
#define KILL_MS 5000   /* what lives longer is quarantined */
#define CPU_LOOK_MIN_NS (5 * CLOCK_MS)

static void kill_pass(void *arg);
static void finish(struct box *x);

void server_exec_tell(struct box *x, enum wire_op op, const void *body, int fd)
{
	struct server *s = x->server;
	struct wire_out out = {
		.op = op,
		.seq = x->number,
		.body = body,
		.fds = &fd,
		.nfds = fd >= 0,
	};

	/* a full socket too: deadlines must not wait for a stuck front */
	if (!s->over && wire_send(s->front, &out, NULL))
		s->over = true;
}

static void latch(struct box *x, enum reason why)
{
	for (unsigned i = 0; i < x->reason_count; i++)
		if (x->reasons[i] == why)
			return;
	if (x->reason_count < REASONS_MAX)
		x->reasons[x->reason_count++] = why;
}

static void cancel(struct loop_timer **t)
{
	loop_timer_cancel(*t);
	*t = NULL;
}

void server_exec_stop(struct box *x)
{
	cancel(&x->wall);
	cancel(&x->cpu);
	cancel(&x->kill);
	loop_unwatch(x->report_watch);
	x->report_watch = NULL;
	fd_close(&x->report);
	fd_close(&x->listener);
}

/* ---- deadlines ---- */

static void on_wall(void *arg)
{
	struct box *x = arg;

	x->wall = NULL;
	server_exec_kill(x, REASON_TIME);
}

static void look_at_cpu(void *arg)
{
	struct box *x = arg;
	uint64_t limit = x->plan->limits.cpu_time_ms * CLOCK_MS, wait;
	struct cgroup_usage u;

	x->cpu = NULL;
	cgroup_usage(x->group, &u);
	if (u.cpu_ns < 0)
		return;
	if ((uint64_t)u.cpu_ns >= limit) {
		server_exec_kill(x, REASON_CPU);
		return;
	}
	wait = (limit - (uint64_t)u.cpu_ns) /
	       plan_cpus(x->plan, &x->server->machine);
	if (wait < CPU_LOOK_MIN_NS)
		wait = CPU_LOOK_MIN_NS;
	x->cpu = loop_at(x->server->loop,
			 (struct deadline){ clock_now_ns() + wait },
			 look_at_cpu, x);
}

static void begin_deadlines(struct box *x)
{
	cancel(&x->wall);
	x->wall = loop_at(x->server->loop,
			  (struct deadline){ x->began_ns +
					     x->time_ms * CLOCK_MS },
			  on_wall, x);
	if (x->group)
		look_at_cpu(x);
}

/* ---- the report: exec passed, or why not ---- */

/* Reads what is there; true at end of file. */
static bool read_report(struct box *x)
{
	struct wire_report r;
	int fds[FD_PACKET_FDS];
	unsigned nfds;

	for (;;) {
		nfds = 0;
		ssize_t n = fd_recv(x->report, &r, sizeof(r), fds, &nfds, NULL);

		if (n < 0)
			return n != -ERR_BUSY;
		if (n == 0)
			return true;
		if (nfds && x->listener < 0)
			x->listener = fd_take(&fds[0]);
		while (nfds)
			fd_close(&fds[--nfds]);
		if (n != sizeof(r) || r.magic != WIRE_MAGIC)
			continue;
		if (r.err.code) {
			r.err.text[sizeof(r.err.text) - 1] = '\0';
			r.err.field[sizeof(r.err.field) - 1] = '\0';
			r.err.remedy[sizeof(r.err.remedy) - 1] = '\0';
			x->failure = r.err;
		} else {
			x->began_ns = r.at_ns;
		}
	}
}

static void report_done(struct box *x)
{
	struct wire_error none = { 0 };

	loop_unwatch(x->report_watch);
	x->report_watch = NULL;
	fd_close(&x->report);
	x->reported = true;
	if (x->failure.code)
		return; /* told when the process is reaped */
	/* killed before its first instruction, by a limit or by the caller:
	 * that is an end, not a failure, and finish() says which */
	x->unborn = !x->began_ns;
	if (x->unborn)
		x->began_ns = clock_now_ns();
	x->state = BOX_RUNNING;
	server_exec_tell(x, WIRE_STARTED, &none, x->listener);
	fd_close(&x->listener);
	if (!x->killing)
		begin_deadlines(x);
}

static void on_report(void *arg, uint32_t events)
{
	struct box *x = arg;

	if (read_report(x))
		report_done(x);
}

/* ---- start ---- */

static void refuse(struct box *x, const struct err *err)
{
	struct wire_error answer = { .err = *err };

	server_exec_stop(x);
	x->state = BOX_IDLE;
	server_exec_tell(x, WIRE_STARTED, &answer, -1);
}

static int send_start(struct box *x, const struct wire_packet *p, int report,
		      struct err *err)
{
	int fds[5] = { p->fds[0], p->fds[1], p->fds[2], p->fds[3], report };
	struct wire_out out = {
		.op = NEST_START,
		.seq = x->number,
		.fds = fds,
		.nfds = 5,
	};

	return wire_send(x->nest->sock, &out, err);
}

static void reset_run(struct box *x, uint64_t time_ms)
{
	uint64_t most = x->plan->limits.time_ms;

	x->time_ms = time_ms && time_ms < most ? time_ms : most;
	x->began_ns = 0;
	x->reported = x->ended = x->killing = x->emptied = false;
	x->unborn = false;
	x->reason_count = 0;
	memset(&x->failure, 0, sizeof(x->failure));
}

static int try_start(struct box *x, const struct wire_packet *p,
		     struct err *err)
{
	int ends[2];

	if (x->quarantined)
		return err_set(err, ERR_CONFLICT, "the box is quarantined");
	if (x->state != BOX_IDLE || !x->nest)
		return err_set(err, ERR_CONFLICT, "the box is not idle");
	int rc = fd_socketpair(ends, err);
	if (rc)
		return rc;
	x->report = ends[0];
	reset_run(x, p->start.time_ms);
	rc = fd_set_nonblock(x->report, true, err);
	if (!rc) {
		x->report_watch = loop_watch(x->server->loop, x->report,
					     EPOLLIN, on_report, x, err);
		rc = x->report_watch ? 0 : -ERR_SYSTEM;
	}
	if (!rc)
		rc = send_start(x, p, ends[1], err);
	fd_close(&ends[1]);
	return rc;
}

void server_exec_start(struct box *x, const struct wire_packet *p)
{
	struct err err = { 0 };
	struct wire_error answer = { 0 };

	if (x->state == BOX_STARTING || x->state == BOX_RUNNING) {
		err_set(&answer.err, ERR_CONFLICT, "a program is running");
		server_exec_tell(x, WIRE_STARTED, &answer, -1);
		return;
	}
	if (try_start(x, p, &err)) {
		refuse(x, &err);
		return;
	}
	x->state = BOX_STARTING;
	x->wall = loop_at(x->server->loop, deadline_in_ms(BUILD_MS), on_wall,
			  x);
	if (x->group)
		cgroup_begin(x->group);
}

void server_exec_started(struct box *x, const struct err *err)
{
	if (err->code && x->state == BOX_STARTING)
		refuse(x, err);
}

/* ---- end ---- */

void server_exec_ended(struct box *x, const struct nest_ended *ended)
{
	if (x->state != BOX_STARTING && x->state != BOX_RUNNING)
		return;
	/* it is dead, so its report is complete */
	if (!x->reported) {
		read_report(x);
		report_done(x);
	}
	x->wait_status = ended->wait_status;
	x->own_cpu_ns = ended->cpu_ns;
	x->ended = true;
	cancel(&x->wall);
	cancel(&x->cpu);
	cancel(&x->kill);
	if (!x->killing)
		x->kill_until_ns = clock_now_ns() + KILL_MS * CLOCK_MS;
	x->killing = true;
	if (x->group && cgroup_empty(x->group)) {
		x->emptied = true;
		finish(x);
		return;
	}
	kill_pass(x);
}

void server_exec_kill(struct box *x, enum reason why)
{
	if (x->state != BOX_STARTING && x->state != BOX_RUNNING)
		return;
	latch(x, why);
	if (x->killing)
		return;
	x->killing = true;
	x->kill_until_ns = clock_now_ns() + KILL_MS * CLOCK_MS;
	kill_pass(x);
}

static void again(struct box *x)
{
	/* init's answer is slower than the group's file */
	x->kill = loop_at(x->server->loop, deadline_in_ms(x->group ? 1 : 5),
			  kill_pass, x);
}

static void after_pass(struct box *x, bool empty)
{
	if (empty && x->ended) {
		x->emptied = true;
		finish(x);
	} else if (clock_now_ns() > x->kill_until_ns) {
		finish(x);
	} else if (!x->kill) {
		again(x);
	}
}

static void kill_pass(void *arg)
{
	struct box *x = arg;
	struct wire_out out = { .op = NEST_KILL, .seq = x->number };

	bool empty = x->group && cgroup_kill(x->group);

	x->kill = NULL;
	/* No group, or one with uids that we may not signal: the answer comes
	 * by server_exec_killed(), and we ask again anyway. An empty one: the
	 * program has not entered it yet. */
	if (x->nest && (!x->group || x->group->denied || (empty && !x->ended)))
		wire_send(x->nest->sock, &out, NULL);
	after_pass(x, empty);
}

void server_exec_killed(struct box *x, bool empty)
{
	if (!x->killing ||
	    (x->state != BOX_STARTING && x->state != BOX_RUNNING))
		return;
	if (empty && x->ended && (!x->group || cgroup_empty(x->group))) {
		cancel(&x->kill);
		after_pass(x, true);
	}
}

static void count(struct box *x, struct wire_ended *e)
{
	struct cgroup_usage u = { .cpu_ns = -1,
				  .memory_peak = -1,
				  .processes_peak = -1 };
	uint64_t limit = x->plan->limits.cpu_time_ms * CLOCK_MS;

	if (x->group)
		cgroup_usage(x->group, &u);
	/* without those that nobody waited for: better than nothing */
	if (u.cpu_ns < 0 && x->ended)
		u.cpu_ns = x->own_cpu_ns;
	e->cpu_ns = u.cpu_ns;
	e->memory_peak = u.memory_peak;
	e->processes_peak = u.processes_peak;
	e->oom_kill = u.oom_kill;
	e->memory_at_limit = u.memory_at_limit;
	/* RLIMIT_CPU may have been faster than our look */
	if (u.cpu_ns >= 0 && (uint64_t)u.cpu_ns >= limit &&
	    WIFSIGNALED(x->wait_status) && !x->reason_count)
		latch(x, REASON_CPU);
	if (u.fork_refused)
		latch(x, REASON_PROCESSES);
}

/* Killing sets pids.max to 0; the next program wants its limit. */
static void restore_limits(const struct box *x)
{
	const struct plan *p = x->plan;

	if (!x->group)
		return;
	for (unsigned i = p->first[PLAN_GROUP]; i < p->first[PLAN_GROUP + 1];
	     i++)
		if (str_equal(p->steps[i].arg, "pids.max"))
			cgroup_limit(x->group, "pids.max", p->steps[i].n, NULL);
}

static void finish(struct box *x)
{
	struct wire_ended e = { .wait_status = x->wait_status };

	server_exec_stop(x);
	restore_limits(x);
	x->quarantined = !x->emptied;
	if (x->failure.code && x->ended) {
		refuse(x, &x->failure);
		return;
	}
	e.leftover = !x->emptied;
	if (!x->ended)
		err_set(&e.err, ERR_INTERNAL,
			"the program could not be killed within %d s",
			KILL_MS / 1000);
	if (x->began_ns)
		e.wall_ns = clock_now_ns() - x->began_ns;
	count(x, &e);
	if (x->unborn && !x->reason_count && !e.oom_kill && !e.err.code)
		err_set(&e.err, ERR_INTERNAL,
			"the program was killed before it began");
	e.reason_count = x->reason_count;
	for (unsigned i = 0; i < x->reason_count; i++)
		e.reasons[i] = (uint32_t)x->reasons[i];
	x->state = BOX_IDLE;
	server_exec_tell(x, WIRE_ENDED, &e, -1);
}
