/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ready list is one for the runtime, first in first out; what waits hangs
 * at its agent. A cycle can close in two ways, each of which is looked at: by a
 * new request to a busy agent, and when a turn that was on top of another ends.
 */
#include "agentlib/core/mailbox.h"

#include "agentlib/core/runtime_inside.h"

/* What must end before the request `c` is answered; NULL: nothing is known. */
static struct envelope *obstacle(struct envelope *c)
{
	return c->waiting ? c->to->active : c;
}

/*
 * The call of the agent's innermost turn that cannot be answered before the
 * sender of `e` goes on; NULL when there is none. A search from that turn along
 * what each waits for; `seen_by` is the call of the first step.
 */
static struct envelope *entrance(const struct envelope *e)
{
	struct envelope *turn = e->to->active, *todo = turn;
	uint64_t search = ++e->turn.runtime->searches;

	if (!e->parent || !e->awaited || !turn)
		return NULL;
	if (turn == e->parent)
		return (struct envelope *)e;
	turn->next_seen = NULL;
	turn->search = search;
	while (todo) {
		struct envelope *at = todo, *c;

		todo = at->next_seen;
		for (c = at->asks; c; c = c->next_ask) {
			struct envelope *next = obstacle(c);

			if (!next || next->search == search)
				continue;
			next->search = search;
			next->seen_by = at == turn ? c : at->seen_by;
			if (next == e->parent)
				return next->seen_by;
			next->next_seen = todo;
			todo = next;
		}
	}
	return NULL;
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
	e->waiting = true;
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
	e->waiting = false;
	e->next = NULL;
	return e;
}

static void admit_inner(struct runtime *rt, struct agent_cell *c)
{
	struct envelope *prev = c->last, *end = c->last;

	do {
		if (prev->next->awaited && entrance(prev->next)) {
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
	else if (c->last)
		admit_inner(rt, c);
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
