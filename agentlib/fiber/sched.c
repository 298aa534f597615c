/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ready list, switching, birth and end of fibers. Fibers switch to the engine's
 * own stack and back, never to each other, so that one that ended has left its
 * stack before it is given away. The sanitizers are told here.
 */
#include "agentlib/fiber/sched.h"
#include "agentlib/fiber/annotate.h"
#include "agentlib/fiber/switch.h"
#include "executor/base/clock.h"
#include "executor/base/loop.h"
#include "executor/base/str.h"
#include <string.h>

/* The one thing per thread; initial-exec spares a call at each look. */
static _Thread_local struct fiber *sched_running
	__attribute__((tls_model("initial-exec")));

struct fiber *sched_self(void)
{
	return sched_running;
}

uint64_t sched_now(const struct engine *e)
{
	return e->virtual_clock ? e->virtual_ns : clock_now_ns();
}

static void sched_nudged(void *arg)
{
	struct engine *e = arg;

	e->nudged = false;
}

void sched_nudge(struct engine *e)
{
	if (!e->exposed || e->stepping || e->nudged)
		return;
	e->nudged = true;
	loop_defer(e->loop, sched_nudged, e);
}

void sched_ready(struct fiber *f)
{
	struct engine *e = f->engine;

	if (f->queued)
		return;
	f->queued = true;
	f->next_ready = NULL;
	if (e->ready.last)
		e->ready.last->next_ready = f;
	else
		e->ready.first = f;
	e->ready.last = f;
	sched_nudge(e);
}

/* The first thing on a new stack. */
static void sched_start(void *arg)
{
	struct fiber *f = arg;
	struct engine *e = f->engine;

	annotate_arrive(NULL, &e->main.low, &e->main.size);
	f->main(f);
	f->ended = true;
	annotate_leave(NULL, e->main.low, e->main.size);
	switch_swap(&f->side.sp, e->main.sp);
	__builtin_unreachable();
}

struct fiber *sched_create(struct engine *e, const char *name, sched_fn *main,
			   struct err *err)
{
	struct stack s;
	struct fiber *f;
	size_t room;

	if (stack_take(&e->stacks, &s, err) < 0)
		return NULL;
	room = (s.size - sizeof(*f)) & ~(size_t)63;
	f = (struct fiber *)(void *)(s.low + room);
	memset(f, 0, sizeof(*f));
	f->engine = e;
	f->stack = s;
	f->main = main;
	str_copy(f->name, sizeof(f->name), name ? name : "");
	f->side.low = s.low;
	f->side.size = room;
	f->side.sp = switch_prepare(s.low, room, sched_start, f);
	f->since_ns = e->stepping ? e->pass_ns : sched_now(e);

	f->prev_live = e->last_live;
	if (e->last_live)
		e->last_live->next_live = f;
	else
		e->first_live = f;
	e->last_live = f;
	e->live++;
	sched_ready(f);
	return f;
}

static void sched_end(struct fiber *f)
{
	struct engine *e = f->engine;

	if (f->prev_live)
		f->prev_live->next_live = f->next_live;
	else
		e->first_live = f->next_live;
	if (f->next_live)
		f->next_live->prev_live = f->prev_live;
	else
		e->last_live = f->prev_live;
	e->live--;
	stack_give(&e->stacks, f->stack);
}

void sched_park(void)
{
	struct fiber *f = sched_running;
	struct engine *e = f->engine;

	f->since_ns = e->pass_ns;
	annotate_leave(&f->side.fake, e->main.low, e->main.size);
	switch_swap(&f->side.sp, e->main.sp);
	annotate_arrive(f->side.fake, &e->main.low, &e->main.size);
}

static void sched_run(struct engine *e, struct fiber *f)
{
	const void *low;
	size_t size;

	sched_running = f;
	annotate_leave(&e->main.fake, f->side.low, f->side.size);
	switch_swap(&e->main.sp, f->side.sp);
	annotate_arrive(e->main.fake, &low, &size);
	sched_running = NULL;
	if (f->ended)
		sched_end(f);
}

static struct fiber *sched_of_timer(struct timer *t)
{
	size_t at = offsetof(struct fiber, timer);

	return (struct fiber *)(void *)((char *)t - at);
}

void sched_expire(struct engine *e)
{
	struct timer *t;

	while ((t = timers_first(&e->timers)) && t->at_ns <= e->pass_ns) {
		timers_remove(&e->timers, t);
		sched_ready(sched_of_timer(t));
	}
}

void sched_pass(struct engine *e)
{
	struct fiber *f = e->ready.first;

	/* Those that become ready meanwhile wait for the next pass. */
	e->ready.first = e->ready.last = NULL;
	while (f) {
		struct fiber *next = f->next_ready;

		f->queued = false;
		sched_run(e, f);
		f = next;
	}
}
