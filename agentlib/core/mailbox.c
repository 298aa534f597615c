/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ready list is one for the runtime, first in first out; what waits hangs
 * at its agent. Only requests that come from inside a call of the agent can
 * enter before it is free: they are counted (`held`), so that others cost no
 * search.
 */
#include "agentlib/core/mailbox.h"

#include "agentlib/core/runtime_inside.h"

/* The call of the agent's innermost turn through which `e` comes; NULL when it
 * does not come from there, or somebody on the way waits no more. */
static struct envelope *entrance(const struct envelope *e)
{
	const struct envelope *link = e;

	while (link->parent && link->awaited) {
		if (link->parent == e->to->active)
			return (struct envelope *)link;
		link = link->parent;
	}
	return NULL;
}

static bool comes_from_inside(const struct envelope *e)
{
	const struct envelope *link = e;

	while (link->parent && link->awaited) {
		if (link->parent->to == e->to)
			return true;
		link = link->parent;
	}
	return false;
}

static bool is_loose(const struct envelope *e)
{
	return e->control || e->to->kind->agent_class->overlap;
}

bool mailbox_open(const struct envelope *e)
{
	return is_loose(e) || !e->to->active || entrance(e);
}

static void make_ready(struct runtime *rt, struct envelope *e)
{
	e->next = NULL;
	if (rt->last_ready)
		rt->last_ready->next = e;
	else
		rt->first_ready = e;
	rt->last_ready = e;
}

static void enter(struct runtime *rt, struct envelope *e)
{
	e->loose = is_loose(e);
	if (!e->loose) {
		struct envelope *link = e->to->active ? entrance(e) : NULL;

		if (link) {
			link->inside++;
			e->link = envelope_ref(link);
		}
		e->below = e->to->active;
		e->to->active = e;
	}
	make_ready(rt, e);
}

static void wait_there(struct envelope *e)
{
	struct agent_cell *c = e->to;

	if (c->last) {
		e->next = c->last->next;
		c->last->next = e;
	} else {
		e->next = e;
	}
	c->last = e;
	e->held = comes_from_inside(e);
	c->held += e->held;
}

void mailbox_deliver(struct runtime *rt, struct envelope *e)
{
	if (mailbox_open(e))
		enter(rt, e);
	else
		wait_there(e);
}

/* Takes the one after `prev` out of its agent's ring. */
static struct envelope *take_after(struct agent_cell *c, struct envelope *prev)
{
	struct envelope *e = prev->next;

	prev->next = e->next;
	if (e == prev)
		c->last = NULL;
	else if (e == c->last)
		c->last = prev;
	c->held -= e->held;
	e->held = false;
	e->next = NULL;
	return e;
}

static void admit_held(struct runtime *rt, struct agent_cell *c)
{
	struct envelope *prev = c->last, *end = c->last;

	do {
		if (prev->next->held && entrance(prev->next)) {
			enter(rt, take_after(c, prev));
			return;
		}
		prev = prev->next;
	} while (prev != end);
}

void mailbox_leave(struct runtime *rt, struct envelope *e)
{
	struct agent_cell *c = e->to;
	struct envelope **at = &c->active;

	if (e->loose)
		return;
	while (*at != e)
		at = &(*at)->below;
	*at = e->below;
	if (e->link) {
		if (--e->link->inside == 0)
			wait_wake(&e->link->settled);
		envelope_unref(e->link);
		e->link = NULL;
	}
	if (c->last && !c->active)
		enter(rt, take_after(c, c->last));
	else if (c->held)
		admit_held(rt, c);
}

struct envelope *mailbox_take(struct runtime *rt)
{
	struct envelope *e = rt->first_ready;

	if (!e)
		return NULL;
	rt->first_ready = e->next;
	if (!e->next)
		rt->last_ready = NULL;
	e->next = NULL;
	return e;
}

struct envelope *mailbox_take_request(struct runtime *rt)
{
	struct envelope *prev = NULL, *e = rt->first_ready;

	while (e && !e->call) {
		prev = e;
		e = e->next;
	}
	if (!e)
		return NULL;
	if (prev)
		prev->next = e->next;
	else
		rt->first_ready = e->next;
	if (rt->last_ready == e)
		rt->last_ready = prev;
	e->next = NULL;
	return e;
}

struct envelope *mailbox_take_waiting(struct agent_cell *c)
{
	return c->last ? take_after(c, c->last) : NULL;
}
