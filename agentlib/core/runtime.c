/* SPDX-License-Identifier: Apache-2.0 */
/* Birth, start, stop and end of a runtime. Messages are in runtime_send.c and
 * runtime_publish.c, agents in runtime_agents.c. */
#include "agentlib/core/runtime.h"

#include "agentlib/core/runtime_inside.h"
#include "agentlib/core/worker.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/group.h"
#include "executor/base/mem.h"

#define RUNTIME_AGENTS_MAX 1000000
#define RUNTIME_MESSAGES_MAX 1000000

struct runtime *runtime_create(struct engine *e,
			       const struct runtime_options *o)
{
	struct runtime *rt = mem_new(struct runtime);

	if (o)
		rt->options = *o;
	if (!rt->options.agents_max)
		rt->options.agents_max = RUNTIME_AGENTS_MAX;
	if (!rt->options.messages_max)
		rt->options.messages_max = RUNTIME_MESSAGES_MAX;
	rt->engine = e;
	rt->refs = 1;
	agent_table_init(&rt->agents, rt->options.agents_max);
	rt->subscriptions = subscriptions_create();
	wait_init(&rt->ended, "handlers of a runtime");
	wait_init(&rt->idle, "an idle runtime");
	return rt;
}

/* Until the last handler has ended, unless this fiber may not wait. */
static int await_end(struct runtime *rt, struct err *err)
{
	int rc = 0;

	rt->refs++;
	while (rc == 0 && rt->state == RUNTIME_STOPPING)
		rc = fiber_wait(&rt->ended, DEADLINE_NEVER, err);
	worker_release(rt);
	return rc;
}

void runtime_destroy(struct runtime *rt)
{
	if (!rt)
		return;
	worker_halt(rt, "it is destroyed");
	worker_drop_all(rt, "it is destroyed");
	await_end(rt, NULL);
	worker_release(rt);
}

int runtime_start(struct runtime *rt, struct err *err)
{
	int rc;

	if (rt->state != RUNTIME_STOPPED)
		return err_set(err, ERR_CONFLICT,
			       "the runtime is started already");
	mem_free(mem_take(rt->failed));
	rt->group = group_create(rt->engine, engine_root(rt->engine));
	rt->state = RUNTIME_RUNNING;
	rc = worker_begin(rt, err);
	if (rc == 0)
		return 0;
	rt->state = RUNTIME_STOPPED;
	group_destroy(mem_take(rt->group));
	return rc;
}

/* The error that stopped it, given once. */
static int take_failure(struct runtime *rt, struct err *err)
{
	struct err *failed = mem_take(rt->failed);
	int rc;

	if (!failed)
		return 0;
	rc = -(int)failed->code;
	if (err)
		*err = *failed;
	mem_free(failed);
	return rc;
}

static int not_started(struct err *err)
{
	return err_set(err, ERR_CONFLICT, "the runtime is not started");
}

int runtime_stop(struct runtime *rt, struct err *err)
{
	bool inside = worker_is_me(rt);
	int rc;

	if (rt->failed) {
		if (!inside && (rc = await_end(rt, err)) < 0)
			return rc;
		return take_failure(rt, err);
	}
	if (rt->state != RUNTIME_RUNNING)
		return not_started(err);
	worker_halt(rt, "it was stopped");
	return inside || !fiber_self() ? 0 : await_end(rt, err);
}

int runtime_stop_when_idle(struct runtime *rt, struct err *err)
{
	int rc;

	if (worker_is_me(rt))
		return err_set(err, ERR_REENTRANT,
			       "a handler cannot wait for its own end");
	if (rt->state != RUNTIME_RUNNING && !rt->failed)
		return not_started(err);
	while (rt->pending && rt->state == RUNTIME_RUNNING)
		if ((rc = fiber_wait(&rt->idle, DEADLINE_NEVER, err)) < 0)
			return rc;
	if (rt->state == RUNTIME_RUNNING || rt->failed)
		return runtime_stop(rt, err);
	return await_end(rt, err); /* somebody else stopped it */
}

int runtime_close(struct runtime *rt, struct err *err)
{
	struct err why;
	int first = 0, rc;

	if (worker_is_me(rt))
		return err_set(err, ERR_REENTRANT,
			       "a handler cannot close its runtime");
	if (rt->state == RUNTIME_RUNNING || rt->failed)
		first = runtime_stop(rt, err);
	for (struct agent_cell *c = rt->agents.first; c; c = c->next) {
		const struct agent_class *class = c->kind->agent_class;

		if (!c->made || !class->close)
			continue;
		rc = class->close(c->state, &why);
		if (rc < 0 && first == 0) {
			first = rc;
			if (err)
				*err = why;
		}
	}
	return first;
}

size_t runtime_pending(const struct runtime *rt)
{
	return rt->pending;
}

size_t runtime_agents(const struct runtime *rt)
{
	return rt->agents.count;
}

const char *runtime_subscribe(struct runtime *rt, const struct subscription *s,
			      struct err *err)
{
	return subscriptions_add(rt->subscriptions, s, err);
}

int runtime_unsubscribe(struct runtime *rt, const char *id, struct err *err)
{
	return subscriptions_remove(rt->subscriptions, id, err);
}

void runtime_intervene(struct runtime *rt, const struct intervention *i)
{
	interventions_add(&rt->chain, i);
}
