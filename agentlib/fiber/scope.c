/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children know their parents by reference, parents their children by a list,
 * so cancel walks down once and every look is a look at one scope. Deadlines
 * need no timers: a child's is never later than its parent's, and each wait
 * below ends at it by itself.
 */
#include "agentlib/fiber/scope.h"
#include "agentlib/fiber/sched.h"
#include "executor/base/mem.h"
#include <stddef.h>

struct scope {
	struct engine *engine;
	struct scope *parent; /* a reference; NULL for the root and shields */
	struct scope *first_child, *last_child, *prev, *next;
	struct fiber *first_parked, *last_parked;
	struct deadline deadline; /* with those of its ancestors */
	const char *reason;       /* NULL: not cancelled (its deadline aside) */
	char *own_reason;         /* memory of the reason if cancelled itself */
	unsigned refs;
};

static const char scope_late[] = "the deadline has passed";

static struct scope *scope_new(struct engine *e, struct deadline d)
{
	struct scope *s = mem_new(struct scope);

	s->engine = e;
	s->deadline = d;
	s->refs = 1;
	return s;
}

struct scope *scope_create(struct engine *e, struct scope *parent,
			   struct deadline d)
{
	struct scope *s = scope_new(e, d);

	if (!parent)
		parent = e->root;
	if (!parent) /* the root itself */
		return s;
	s->parent = scope_ref(parent);
	s->deadline = deadline_earlier(d, parent->deadline);
	s->reason = parent->reason;
	s->prev = parent->last_child;
	if (s->prev)
		s->prev->next = s;
	else
		parent->first_child = s;
	parent->last_child = s;
	return s;
}

struct scope *scope_shield(struct engine *e, unsigned ms)
{
	uint64_t at = sched_now(e) + ms * CLOCK_MS;

	return scope_new(e, (struct deadline){ at });
}

static bool scope_is_late(const struct scope *s)
{
	return s->deadline.at_ns != UINT64_MAX &&
	       s->deadline.at_ns <= sched_now(s->engine);
}

/* Marks one; true if it was not marked before. One that ended by its deadline
 * stays so: the first reason counts. */
static bool scope_mark(struct scope *s, const char *reason)
{
	struct fiber *f;

	if (s->reason)
		return false;
	s->reason = scope_is_late(s) ? scope_late : reason;
	for (f = s->first_parked; f; f = f->next_parked)
		sched_ready(f);
	return true;
}

/* The next after `s` in the tree below `top`, without its children. */
static struct scope *scope_after(struct scope *s, const struct scope *top)
{
	for (; s != top; s = s->parent)
		if (s->next)
			return s->next;
	return NULL;
}

void scope_cancel(struct scope *s, const char *reason)
{
	struct scope *at;

	if (!s || s->reason)
		return;
	s->own_reason = mem_strdup(reason ? reason : "cancelled");
	/* Without recursion: depth is as long as a chain of requests. What is
	 * marked already has marked what is below it. */
	for (at = s; at;) {
		bool fresh = scope_mark(at, s->own_reason);

		at = fresh && at->first_child ? at->first_child
					      : scope_after(at, s);
	}
}

bool scope_cancelled(const struct scope *s)
{
	return s->reason || scope_is_late(s);
}

const char *scope_reason(const struct scope *s)
{
	if (s->reason)
		return s->reason;
	return scope_is_late(s) ? scope_late : NULL;
}

int scope_check(const struct scope *s, struct err *err)
{
	const char *why = scope_reason(s);

	if (!why)
		return 0;
	return err_set(err, why == scope_late ? ERR_DEADLINE : ERR_CANCELLED,
		       "%s", why);
}

struct deadline scope_deadline(const struct scope *s)
{
	return s->deadline;
}

struct scope *scope_ref(struct scope *s)
{
	s->refs++;
	return s;
}

static void scope_leave_parent(struct scope *s)
{
	struct scope *parent = s->parent;

	if (!parent)
		return;
	if (s->prev)
		s->prev->next = s->next;
	else
		parent->first_child = s->next;
	if (s->next)
		s->next->prev = s->prev;
	else
		parent->last_child = s->prev;
}

void scope_unref(struct scope *s)
{
	while (s && --s->refs == 0) {
		struct scope *parent = s->parent;

		scope_leave_parent(s);
		mem_free(s->own_reason);
		mem_free(s);
		s = parent;
	}
}

void scope_park(struct scope *s, struct fiber *f)
{
	f->prev_parked = s->last_parked;
	f->next_parked = NULL;
	if (s->last_parked)
		s->last_parked->next_parked = f;
	else
		s->first_parked = f;
	s->last_parked = f;
}

void scope_unpark(struct scope *s, struct fiber *f)
{
	if (f->prev_parked)
		f->prev_parked->next_parked = f->next_parked;
	else
		s->first_parked = f->next_parked;
	if (f->next_parked)
		f->next_parked->prev_parked = f->prev_parked;
	else
		s->last_parked = f->prev_parked;
	f->prev_parked = f->next_parked = NULL;
}
