/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting, and the scope in force. Does not start fibers (spawn.c), because
 * their groups wait too.
 */
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/sched.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"
#include <stdint.h>

void wait_init(struct wait *w, const char *what)
{
	w->what = what;
	w->waiter = NULL;
	w->done = false;
}

void wait_wake(struct wait *w)
{
	w->done = true;
	if (w->waiter)
		sched_ready(w->waiter);
}

/* Whether `w` can be waited for now; the fiber is NULL outside of any. */
static int wait_refused(const struct wait *w, const struct fiber *f,
			struct err *err)
{
	if (!f)
		return err_set(err, ERR_REENTRANT,
			       "cannot wait for %s outside of a fiber",
			       w->what);
	if (w->waiter)
		return err_set(err, ERR_BUSY, "two fibers wait for one %s",
			       w->what);
	return 0;
}

static void wait_park(struct wait *w, struct fiber *f)
{
	w->waiter = f;
	f->wait = w;
	sched_park();
	f->wait = NULL;
	w->waiter = NULL;
}

static int wait_late(const struct wait *w, struct err *err)
{
	return err_set(err, ERR_DEADLINE, "%s: the deadline has passed",
		       w->what);
}

int fiber_wait(struct wait *w, struct deadline d, struct err *err)
{
	struct fiber *f = sched_self();
	struct scope *s;
	int rc;

	if ((rc = wait_refused(w, f, err)) < 0)
		return rc;
	s = f->scope;
	if (!w->done) {
		if ((rc = scope_check(s, err)) < 0)
			return rc;
		if (d.at_ns != UINT64_MAX && d.at_ns <= sched_now(f->engine))
			return wait_late(w, err);
		d = deadline_earlier(d, scope_deadline(s));
		if (d.at_ns != UINT64_MAX)
			timers_add(&f->engine->timers, &f->timer, d.at_ns);
		scope_park(s, f);
		wait_park(w, f);
		scope_unpark(s, f);
		timers_remove(&f->engine->timers, &f->timer);
	}
	if (w->done) {
		w->done = false;
		return 0;
	}
	if ((rc = scope_check(s, err)) < 0)
		return rc;
	return wait_late(w, err);
}

int fiber_await(struct wait *w, struct err *err)
{
	struct fiber *f = sched_self();
	int rc;

	if ((rc = wait_refused(w, f, err)) < 0)
		return rc;
	while (!w->done)
		wait_park(w, f);
	w->done = false;
	return 0;
}

int fiber_sleep(uint64_t ms, struct err *err)
{
	struct fiber *f = sched_self();
	struct wait never;
	uint64_t now;
	int rc;

	wait_init(&never, "sleep");
	if (!f)
		return wait_refused(&never, f, err);
	if (ms == 0) {
		fiber_yield();
		return scope_check(f->scope, err);
	}
	now = sched_now(f->engine);
	if (ms < (UINT64_MAX - now) / CLOCK_MS)
		rc = fiber_wait(&never,
				(struct deadline){ now + ms * CLOCK_MS }, err);
	else
		rc = fiber_wait(&never, DEADLINE_NEVER, err);
	/* Its own deadline is what it wanted; the scope's is not. */
	if (rc == -ERR_DEADLINE)
		rc = scope_check(f->scope, err);
	return rc;
}

void fiber_yield(void)
{
	struct fiber *f = sched_self();

	if (!f)
		return;
	sched_ready(f);
	sched_park();
}

struct fiber *fiber_self(void)
{
	return sched_self();
}

struct engine *fiber_engine(void)
{
	struct fiber *f = sched_self();

	return f ? f->engine : NULL;
}

struct scope *fiber_scope(void)
{
	struct fiber *f = sched_self();

	return f ? f->scope : NULL;
}

void fiber_enter(struct scope *s)
{
	struct fiber *f = sched_self();

	if (!f)
		return;
	if (f->outer_count == f->outer_room) {
		f->outer_room = f->outer_room ? 2 * f->outer_room : 4;
		f->outer = mem_resize(f->outer, f->outer_room,
				      sizeof(*f->outer));
	}
	f->outer[f->outer_count++] = f->scope;
	f->scope = scope_ref(s);
}

void fiber_leave(struct scope *s)
{
	struct fiber *f = sched_self();
	bool matched = false;

	/* Leaving one leaves those that were entered in it and forgotten. */
	while (f && f->outer_count && !matched) {
		struct scope *left = f->scope;

		matched = left == s;
		f->scope = f->outer[--f->outer_count];
		scope_unref(left);
	}
}

int fiber_check(struct err *err)
{
	struct fiber *f = sched_self();

	return f ? scope_check(f->scope, err) : 0;
}
