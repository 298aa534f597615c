/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests. The asking fiber runs the interventions, hands over an envelope and
 * parks on its call slot; it looks into the envelope again only to wait for
 * those who entered an agent through this call.
 */
#include "agentlib/core/runtime_inside.h"
#include "agentlib/core/worker.h"
#include "agentlib/fiber/call.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"

/* Calls within calls; each has a fiber with a stack. */
#define RUNTIME_DEPTH_MAX 1000

static void tell(const struct runtime *rt, const struct intervention_case *at,
		 enum runtime_event_type type, const struct payload *p)
{
	struct runtime_event ev = {
		.type = type,
		.kind = RUNTIME_DIRECT,
		.stage = RUNTIME_SEND,
		.payload = p,
		.sender = at->sender,
		.receiver = at->receiver,
	};

	runtime_tell(rt, &ev);
}

static int refused(const struct runtime *rt, const struct request *r,
		   const struct envelope *from, struct err *err)
{
	if (!fiber_self())
		return err_set(err, ERR_REENTRANT,
			       "a request can only be made on a fiber");
	if (rt->state == RUNTIME_STOPPING)
		return err_set(err, ERR_CANCELLED, "the runtime is stopping");
	if (!r->to.type || !r->to.key)
		return err_set(err, ERR_INVALID, "a request needs a recipient");
	if (from && from->depth >= RUNTIME_DEPTH_MAX)
		return err_set(err, ERR_TOO_LARGE,
			       "requests are nested deeper than %d",
			       RUNTIME_DEPTH_MAX);
	return fiber_check(err);
}

static int intervene(struct runtime *rt, const struct request *r,
		     const struct envelope *from, struct payload **p,
		     struct err *err)
{
	struct intervention_case at = {
		.sender = from ? &from->turn.self : NULL,
		.receiver = &r->to,
	};
	int rc = 0;

	if (rt->options.observe)
		tell(rt, &at, RUNTIME_EVENT_MESSAGE, *p);
	if (rt->chain.count)
		rc = interventions_run(&rt->chain, INTERVENE_SEND, &at, p, err);
	if (rc == INTERVENTION_DROP) {
		tell(rt, &at, RUNTIME_EVENT_DROPPED, *p);
		return err_set(err, ERR_FORBIDDEN,
			       "the message to %s/%s was dropped by an "
			       "intervention",
			       r->to.type, r->to.key);
	}
	return rc;
}

/* The recipient; NULL with *err. */
static struct agent_cell *recipient(struct runtime *rt,
				    const struct agent_id *to, struct err *err)
{
	struct agent_kind *k = agent_table_kind(&rt->agents, to->type);
	uint64_t hash = agent_table_hash(&rt->agents, to->key);
	struct agent_cell *c = NULL;

	if (k && !k->instances)
		return agent_table_get(&rt->agents, k, to->key, hash, err);
	if (k)
		c = agent_table_find(&rt->agents, k, to->key, hash);
	if (!c)
		err_set(err, ERR_NOT_FOUND, "recipient not found: %s/%s",
			to->type, to->key);
	return c;
}

/* Below the scope in force; from outside also below the runtime's stop. */
static void bind_scope(struct runtime *rt, struct envelope *e,
		       struct envelope *from)
{
	struct scope *s = fiber_scope();

	if (from) {
		e->turn.sender = from->turn.self;
		e->parent = envelope_ref(from);
		e->depth = from->depth + 1;
		e->scope = scope_ref(s);
		return;
	}
	e->scope = scope_create(rt->engine, s, DEADLINE_NEVER);
	e->outside = true;
	e->next_outside = rt->outside;
	if (rt->outside)
		rt->outside->prev_outside = e;
	rt->outside = e;
}

static void unbind_scope(struct runtime *rt, struct envelope *e)
{
	if (e->outside) {
		rt->outside = e->next_outside;
		if (rt->outside)
			rt->outside->prev_outside = NULL;
		e->outside = false;
	}
}

/* The turn that sends `e` waits for it. */
static void ask_begin(struct envelope *e)
{
	e->awaited = true;
	if (e->parent) {
		e->next_ask = e->parent->asks;
		e->parent->asks = e;
	}
}

static void ask_end(struct envelope *e)
{
	struct envelope **at;

	e->awaited = false;
	if (!e->parent)
		return;
	for (at = &e->parent->asks; *at != e;)
		at = &(*at)->next_ask;
	*at = e->next_ask;
}

static int ask(struct runtime *rt, struct envelope *e, struct payload **answer,
	       struct err *err)
{
	struct call *c = call_create("an agent's answer",
				     (void (*)(void *))payload_unref);
	void *value = NULL;
	int rc;

	e->call = c;
	ask_begin(e);
	envelope_ref(e); /* the runtime's */
	rc = worker_deliver(rt, e, err);
	if (rc < 0) {
		ask_end(e);
		unbind_scope(rt, e);
		call_reply(mem_take(e->call), NULL);
		call_abandon(c);
		envelope_unref(e);
		return rc;
	}
	rc = call_wait(c, DEADLINE_NEVER, &value, err);
	ask_end(e);
	/* Our agent was entered through this call: those go first. */
	while (e->inside)
		fiber_await(&e->settled, NULL);
	if (rc < 0)
		return rc;
	if (answer)
		*answer = value;
	else
		payload_unref(value);
	return 0;
}

static int deliver(struct runtime *rt, const struct request *r,
		   struct payload *p, struct payload **answer, struct err *err)
{
	struct envelope *from = envelope_of(r->from), *e;
	struct agent_cell *to;
	struct err why;
	int rc;

	if (from && from->turn.runtime != rt)
		from = NULL;
	if (rt->state == RUNTIME_STOPPING) /* an intervention waited */
		return err_set(err, ERR_CANCELLED, "the runtime is stopping");
	if (rt->pending >= rt->options.messages_max)
		return err_set(err, ERR_QUEUE_FULL,
			       "%zu messages are waiting, more are not allowed",
			       rt->pending);
	to = recipient(rt, &r->to, &why);
	if (!to) {
		if (err)
			*err = why;
		return -(int)why.code;
	}
	e = envelope_create(rt, to, p);
	e->turn.is_rpc = true;
	e->control = r->control;
	e->id = mem_strdup(r->message_id);
	bind_scope(rt, e, from);
	rc = ask(rt, e, answer, err);
	envelope_unref(e);
	return rc;
}

int runtime_send(struct runtime *rt, const struct request *r,
		 struct payload **answer, struct err *err)
{
	struct envelope *from = envelope_of(r->from);
	struct payload *p;
	int rc;

	if (from && from->turn.runtime != rt)
		from = NULL;
	if ((rc = refused(rt, r, from, err)) < 0)
		return rc;
	rt->refs++; /* interventions may wait */
	p = payload_ref(r->payload);
	rc = intervene(rt, r, from, &p, err);
	if (rc == 0)
		rc = deliver(rt, r, p, answer, err);
	payload_unref(p);
	worker_release(rt);
	return rc;
}
