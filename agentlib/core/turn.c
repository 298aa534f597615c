/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every envelope ends here exactly once: its call slot is answered, its agent is
 * left, the count of pending messages falls.
 */
#include "agentlib/core/turn.h"

#include "agentlib/core/mailbox.h"
#include "agentlib/core/runtime_inside.h"
#include "agentlib/fiber/call.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"

/* ---- what the observer is told ---- */

static void tell(const struct envelope *e, enum runtime_event_type type,
		 const struct err *err)
{
	const struct turn *t = &e->turn;
	struct runtime_event ev = {
		.type = type,
		.kind = t->is_rpc ? RUNTIME_DIRECT : RUNTIME_PUBLISH,
		.stage = RUNTIME_DELIVER,
		.payload = e->payload,
		.sender = t->sender.type ? &t->sender : NULL,
		.receiver = &t->self,
		.topic = t->is_rpc ? NULL : &t->topic,
		.err = err,
	};

	runtime_tell(t->runtime, &ev);
}

static void tell_answer(const struct envelope *e, enum runtime_event_type type,
			enum runtime_event_stage stage,
			const struct payload *answer)
{
	const struct turn *t = &e->turn;
	struct runtime_event ev = {
		.type = type,
		.kind = RUNTIME_RESPOND,
		.stage = stage,
		.payload = answer,
		.sender = &t->self,
		.receiver = t->sender.type ? &t->sender : NULL,
	};

	runtime_tell(t->runtime, &ev);
}

/* ---- making agents ---- */

static void tell_construction(struct runtime *rt, const struct agent_id *id,
			      const struct err *err)
{
	struct runtime_event ev = {
		.type = RUNTIME_EVENT_CONSTRUCTION,
		.receiver = id,
		.err = err,
	};

	runtime_tell(rt, &ev);
}

int turn_instance(struct runtime *rt, struct agent_cell *c, struct err *err)
{
	const struct agent_class *class = c->kind->agent_class;
	struct agent_id id = agent_cell_id(c);
	void *state = c->kind->arg;
	struct err why = { 0 };
	int rc = 0;

	if (c->made)
		return 0;
	if (c->kind->instances)
		return err_set(err, ERR_NOT_FOUND,
			       "recipient not found: %s/%s is no instance of "
			       "its type",
			       id.type, id.key);
	if (c->making)
		return err_set(err, ERR_REENTRANT, "%s/%s is being made",
			       id.type, id.key);
	c->making = 1;
	if (class->create)
		rc = class->create(c->kind->arg, rt, &id, &state, &why);
	c->making = 0;
	if (rc < 0) {
		tell_construction(rt, &id, &why);
		if (err)
			*err = why;
		return rc;
	}
	c->state = state;
	c->made = 1;
	return 0;
}

/* ---- the end ---- */

static void settle(struct runtime *rt, struct envelope *e,
		   struct payload *answer, const struct err *err)
{
	struct call *call = mem_take(e->call);

	if (e->outside) {
		if (e->prev_outside)
			e->prev_outside->next_outside = e->next_outside;
		else
			rt->outside = e->next_outside;
		if (e->next_outside)
			e->next_outside->prev_outside = e->prev_outside;
		e->outside = false;
	}
	if (!call)
		payload_unref(answer);
	else if (err)
		call_fail(call, err);
	else
		call_reply(call, answer);
	if (--rt->pending == 0)
		wait_wake(&rt->idle);
	envelope_unref(e);
}

void turn_refuse(struct runtime *rt, struct envelope *e, const struct err *err)
{
	tell(e, RUNTIME_EVENT_DROPPED, err);
	mailbox_leave(rt, e);
	settle(rt, e, NULL, err);
}

void turn_drop(struct runtime *rt, struct envelope *e, const struct err *err)
{
	tell(e, RUNTIME_EVENT_DROPPED, err);
	settle(rt, e, NULL, err);
}

/* ---- the run ---- */

static int respond(struct runtime *rt, struct envelope *e,
		   struct payload **answer, struct err *err)
{
	const struct turn *t = &e->turn;
	struct intervention_case at = {
		.sender = &t->self,
		.receiver = t->sender.type ? &t->sender : NULL,
	};
	int rc = 0;

	if (rt->options.observe)
		tell_answer(e, RUNTIME_EVENT_MESSAGE, RUNTIME_SEND, *answer);
	if (rt->chain.count)
		rc = interventions_run(&rt->chain, INTERVENE_RESPOND, &at,
				       answer, err);
	if (rc == INTERVENTION_DROP) {
		tell_answer(e, RUNTIME_EVENT_DROPPED, RUNTIME_DELIVER, *answer);
		return err_set(err, ERR_FORBIDDEN,
			       "the answer of %s/%s was dropped by an "
			       "intervention",
			       t->self.type, t->self.key);
	}
	if (rc == 0 && rt->options.observe)
		tell_answer(e, RUNTIME_EVENT_MESSAGE, RUNTIME_DELIVER, *answer);
	return rc;
}

static int handle(struct runtime *rt, struct envelope *e,
		  struct payload **answer, struct err *err)
{
	const struct agent_class *class = e->to->kind->agent_class;
	int rc;

	if (rt->options.observe)
		tell(e, RUNTIME_EVENT_MESSAGE, NULL);
	err->code = ERR_NONE;
	rc = class->handle(e->to->state, &e->turn, e->payload, answer, err);
	if (rc < 0 && err->code != (enum err_code) - rc)
		err_set(err, (enum err_code) - rc, NULL);
	if (rc < 0) {
		tell(e, RUNTIME_EVENT_EXCEPTION, err);
		return rc;
	}
	return e->call ? respond(rt, e, answer, err) : 0;
}

/* Whether the handler need not be run any more. */
static int given_up(const struct runtime *rt, const struct envelope *e,
		    struct err *err)
{
	if (rt->state != RUNTIME_RUNNING)
		return err_set(err, ERR_CANCELLED, "the runtime has stopped");
	return e->scope ? scope_check(e->scope, err) : 0;
}

static void keep_error(struct runtime *rt, const struct envelope *e,
		       const struct err *err)
{
	if (e->call || !rt->options.stop_on_error || rt->failed ||
	    rt->state != RUNTIME_RUNNING)
		return;
	rt->failed = mem_copy(err, sizeof(*err));
}

void turn_run(struct runtime *rt, struct envelope *e)
{
	struct payload *answer = NULL;
	struct err err;
	int rc;

	if (given_up(rt, e, &err) < 0) {
		turn_refuse(rt, e, &err);
		return;
	}
	if (e->scope)
		fiber_enter(e->scope);
	rc = turn_instance(rt, e->to, &err);
	if (rc == 0)
		rc = handle(rt, e, &answer, &err);
	if (e->scope)
		fiber_leave(e->scope);
	if (rc < 0) {
		keep_error(rt, e, &err);
		payload_unref(mem_take(answer));
	}
	mailbox_leave(rt, e);
	settle(rt, e, answer, rc < 0 ? &err : NULL);
}
