/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A burst of messages to handlers that do not wait costs two fibers, not one
 * each. After some handlers a worker leaves the rest to the next one, so that
 * the loop gets its turn.
 */
#include "agentlib/core/worker.h"

#include "agentlib/core/mailbox.h"
#include "agentlib/core/runtime_inside.h"
#include "agentlib/core/turn.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"

#define WORKER_TURNS 64 /* one after the other on one fiber */

struct worker {
	struct fiber *fiber;
	struct worker *prev, *next;
};

static void agent_end(struct agent_cell *c)
{
	const struct agent_class *class = c->kind->agent_class;

	if (c->made && class->destroy)
		class->destroy(c->state);
	c->made = 0;
}

void worker_release(struct runtime *rt)
{
	if (--rt->refs > 0)
		return;
	for (struct agent_cell *c = rt->agents.first; c; c = c->next)
		agent_end(c);
	agent_table_finish(&rt->agents);
	subscriptions_destroy(rt->subscriptions);
	interventions_finish(&rt->chain);
	mem_free(rt->failed);
	mem_free(rt);
}

static void worker_join(struct runtime *rt, struct worker *w)
{
	rt->starting--;
	w->fiber = fiber_self();
	w->prev = NULL;
	w->next = rt->working;
	if (w->next)
		w->next->prev = w;
	rt->working = w;
}

static void worker_part(struct runtime *rt, struct worker *w)
{
	if (w->prev)
		w->prev->next = w->next;
	else
		rt->working = w->next;
	if (w->next)
		w->next->prev = w->prev;
	if (--rt->workers == 0 && rt->state == RUNTIME_STOPPING) {
		rt->state = RUNTIME_STOPPED;
		/* This fiber is its last and frees it by ending. */
		group_destroy(mem_take(rt->group));
		wait_wake(&rt->ended);
	}
	worker_release(rt);
}

static void worker_main(void *arg);

/* Sees to it that one stands by. */
static int worker_spare(struct runtime *rt, struct err *err)
{
	int rc;

	if (rt->starting || rt->state != RUNTIME_RUNNING)
		return 0;
	rc = fiber_spawn(rt->group, "handler", worker_main, rt, err);
	if (rc < 0)
		return rc;
	rt->starting++;
	rt->workers++;
	rt->refs++;
	return 0;
}

/* Nobody stands by, so requests that are ready might wait for each other. */
static void worker_refuse(struct runtime *rt, const struct err *err)
{
	struct envelope *e;

	while ((e = mailbox_take_request(rt)))
		turn_refuse(rt, e, err);
}

static void worker_main(void *arg)
{
	struct runtime *rt = arg;
	unsigned turns = 0;
	struct worker me;
	struct envelope *e;
	struct err err;

	worker_join(rt, &me);
	while ((e = mailbox_take(rt))) {
		if (rt->first_ready && worker_spare(rt, &err) < 0)
			worker_refuse(rt, &err);
		turn_run(rt, e);
		if (rt->failed)
			worker_halt(rt, rt->failed->text);
		if (++turns >= WORKER_TURNS && rt->starting)
			break;
	}
	worker_part(rt, &me);
}

int worker_deliver(struct runtime *rt, struct envelope *e, struct err *err)
{
	int rc = mailbox_open(e) ? worker_spare(rt, err) : 0;

	if (rc < 0 && (e->call || rt->workers == 0))
		return rc;
	rt->pending++;
	mailbox_deliver(rt, e);
	return 0;
}

int worker_begin(struct runtime *rt, struct err *err)
{
	return rt->first_ready ? worker_spare(rt, err) : 0;
}

void worker_drop_all(struct runtime *rt, const char *reason)
{
	struct envelope *e;
	struct err err;

	err_set(&err, ERR_CANCELLED, "the runtime has stopped: %s", reason);
	for (struct agent_cell *c = rt->agents.first; c; c = c->next)
		while ((e = mailbox_take_waiting(c)))
			turn_drop(rt, e, &err);
	while ((e = mailbox_take(rt)))
		turn_refuse(rt, e, &err);
}

void worker_halt(struct runtime *rt, const char *reason)
{
	if (rt->state != RUNTIME_RUNNING)
		return;
	rt->state = RUNTIME_STOPPING;
	rt->ended.done = false;
	scope_cancel(group_scope(rt->group), reason);
	for (struct envelope *e = rt->outside; e; e = e->next_outside)
		scope_cancel(e->scope, reason);
	worker_drop_all(rt, reason);
	wait_wake(&rt->idle);
	if (rt->workers > 0)
		return;
	rt->state = RUNTIME_STOPPED;
	group_destroy(mem_take(rt->group));
}

bool worker_is_me(const struct runtime *rt)
{
	const struct fiber *self = fiber_self();

	for (const struct worker *w = rt->working; w; w = w->next)
		if (w->fiber == self)
			return true;
	return false;
}
