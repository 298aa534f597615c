/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine from outside: birth and end, driving, time, what it shows. Passes
 * alternate between fibers and the loop; the order in which fibers run is
 * sched.c's business.
 */
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/offload.h"
#include "agentlib/fiber/sched.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"

/* A mapping split by its guard counts twice towards the 65530 of the kernel. */
#define ENGINE_FIBERS_MAX 30000

/*
 * While fibers keep each other ready the loop is asked at most this often: a
 * system call after every single message would cost more than the message.
 */
#define ENGINE_POLL_NS 20000

struct engine *engine_create(const struct engine_options *o, struct err *err)
{
	static const struct engine_options defaults;
	struct loop *loop;
	struct engine *e;

	if (!o)
		o = &defaults;
	if (o->stack_size && (o->stack_size < STACK_SIZE_MIN ||
			      o->stack_size > STACK_SIZE_MAX)) {
		err_set(err, ERR_INVALID, "stacks are %zu to %zu bytes",
			STACK_SIZE_MIN, STACK_SIZE_MAX);
		return NULL;
	}
	loop = loop_create(err);
	if (!loop)
		return NULL;
	e = mem_new(struct engine);
	e->loop = loop;
	e->virtual_clock = o->virtual_clock;
	e->virtual_ns = clock_now_ns();
	e->alarm_ns = UINT64_MAX;
	stack_pool_init(&e->stacks, o->stack_size,
			o->fibers_max ? o->fibers_max : ENGINE_FIBERS_MAX);
	e->root = scope_create(e, NULL, DEADLINE_NEVER);
	return e;
}

struct loop *engine_loop(struct engine *e)
{
	return e->loop;
}

struct scope *engine_root(struct engine *e)
{
	return e->root;
}

uint64_t engine_now_ns(const struct engine *e)
{
	return sched_now(e);
}

struct deadline engine_in_ms(const struct engine *e, uint64_t ms)
{
	uint64_t now = sched_now(e);

	if (ms >= (UINT64_MAX - now) / CLOCK_MS)
		return DEADLINE_NEVER;
	return (struct deadline){ now + ms * CLOCK_MS };
}

/* ---- driving ---- */

/* When the loop must come back for a fiber's timer at the latest. */
static struct deadline engine_next(const struct engine *e)
{
	const struct timer *t = timers_first(&e->timers);

	return t ? (struct deadline){ t->at_ns } : DEADLINE_NEVER;
}

static int engine_poll_real(struct engine *e, struct deadline d,
			    struct err *err)
{
	if (e->ready.first) {
		if (e->pass_ns - e->polled_ns < ENGINE_POLL_NS)
			return 0;
		d = (struct deadline){ 0 };
	}
	e->polled_ns = e->pass_ns;
	return loop_step(e->loop, deadline_earlier(d, engine_next(e)), err);
}

/* The clock stands still while anything is ready, then jumps. Helper threads
 * live in real time: they get as long as the jump would be. */
static int engine_poll_virtual(struct engine *e, struct deadline d,
			       struct err *err)
{
	struct deadline wait = { 0 };
	int rc;

	d = deadline_earlier(d, engine_next(e));
	if (!e->ready.first && d.at_ns == UINT64_MAX)
		wait = DEADLINE_NEVER;
	else if (!e->ready.first && e->offloads && d.at_ns > e->virtual_ns)
		wait.at_ns = clock_now_ns() + (d.at_ns - e->virtual_ns);
	rc = loop_step(e->loop, wait, err);
	if (rc < 0 || e->ready.first || d.at_ns == UINT64_MAX)
		return rc;
	if (wait.at_ns && !deadline_passed(wait))
		return 0; /* something else happened; look again */
	if (d.at_ns > e->virtual_ns)
		e->virtual_ns = d.at_ns;
	return 0;
}

/* The two halves of a pass: between them a driver looks whether it is done. */
static void engine_fibers_pass(struct engine *e)
{
	e->stepping = true;
	e->pass_ns = sched_now(e);
	sched_expire(e);
	sched_pass(e);
	e->stepping = false;
}

static int engine_poll(struct engine *e, struct deadline d, struct err *err)
{
	int rc;

	e->stepping = true;
	rc = e->virtual_clock ? engine_poll_virtual(e, d, err)
			      : engine_poll_real(e, d, err);
	e->stepping = false;
	return rc;
}

static int engine_refused(const struct engine *e, struct err *err)
{
	if (sched_self())
		return err_set(err, ERR_REENTRANT,
			       "an engine is driven from inside a fiber");
	if (loop_running(e->loop))
		return err_set(err, ERR_REENTRANT,
			       "an engine is driven from its own callback");
	return 0;
}

static void engine_alarm(void *arg)
{
	struct engine *e = arg;

	e->alarm = NULL;
	e->alarm_ns = UINT64_MAX;
}

/* Leaves the loop's descriptor so that it becomes readable in time. */
static void engine_arm(struct engine *e)
{
	struct deadline next = engine_next(e);

	if (!e->exposed)
		return;
	if (e->ready.first) {
		sched_nudge(e);
		return;
	}
	if (e->virtual_clock && next.at_ns != UINT64_MAX)
		sched_nudge(e);
	if (e->virtual_clock || next.at_ns >= e->alarm_ns)
		return;
	loop_timer_cancel(e->alarm);
	e->alarm_ns = next.at_ns;
	e->alarm = loop_at(e->loop, next, engine_alarm, e);
}

int engine_fd(struct engine *e)
{
	e->exposed = true;
	engine_arm(e);
	return loop_pollfd(e->loop);
}

int engine_step(struct engine *e, struct deadline d, struct err *err)
{
	int rc = engine_refused(e, err);

	if (rc < 0)
		return rc;
	engine_fibers_pass(e);
	rc = engine_poll(e, d, err);
	engine_arm(e);
	return rc;
}

/* Passes until *done. A loop that fails cannot end the wait, because the fiber
 * looks into this stack: it cancels all there is and goes on without. */
static int engine_drive(struct engine *e, const bool *done, struct err *err)
{
	int failed = 0;

	for (engine_fibers_pass(e); !*done; engine_fibers_pass(e)) {
		struct err why;
		int rc = engine_poll(e, DEADLINE_NEVER, &why);

		if (rc == 0 || failed)
			continue;
		failed = err_set(err, why.code, "%s", why.text);
		scope_cancel(e->root, why.text);
	}
	engine_arm(e);
	return failed;
}

struct engine_call {
	engine_fn *fn;
	void *arg;
	struct err *err;
	int rc;
	bool done;
};

static void engine_call(void *arg)
{
	struct engine_call *c = arg;

	c->rc = c->fn(c->arg, c->err);
	c->done = true;
}

int engine_run(struct engine *e, const char *name, engine_fn *fn, void *arg,
	       struct err *err)
{
	struct engine_call c = { fn, arg, err, 0, false };
	struct group *g;
	int rc;

	if (fiber_engine() == e)
		return fn(arg, err);
	if ((rc = engine_refused(e, err)) < 0)
		return rc;
	g = group_create(e, e->root);
	rc = fiber_spawn(g, name, engine_call, &c, err);
	if (rc == 0)
		rc = engine_drive(e, &c.done, err);
	group_destroy(g);
	return rc < 0 ? rc : c.rc;
}

void engine_post(struct engine *e, void (*fn)(void *arg), void *arg)
{
	loop_post(e->loop, fn, arg);
}

void engine_destroy(struct engine *e)
{
	if (!e || engine_refused(e, NULL) < 0)
		return;
	scope_cancel(e->root, "the engine ends");
	/* The last step runs what was posted, which may start fibers again. */
	do {
		while (e->live) {
			engine_fibers_pass(e);
			if (e->live)
				engine_poll(e, DEADLINE_NEVER, NULL);
		}
		loop_step(e->loop, (struct deadline){ 0 }, NULL);
	} while (e->live);
	offload_stop(e);
	loop_destroy(e->loop);
	scope_unref(e->root);
	timers_finish(&e->timers);
	stack_pool_finish(&e->stacks);
	mem_free(e);
}

/* ---- what it shows ---- */

void engine_dump(const struct engine *e, struct buf *out)
{
	const struct fiber *self = sched_self();
	uint64_t now = sched_now(e);
	const struct fiber *f;

	for (f = e->first_live; f; f = f->next_live) {
		const char *what = f->wait ? f->wait->what : "ready";
		uint64_t since = now > f->since_ns ? now - f->since_ns : 0;

		if (f == self) {
			what = "running";
			since = 0;
		}
		buf_printf(out, "%-31s %-31s %llu ms\n", f->name, what,
			   (unsigned long long)(since / CLOCK_MS));
	}
}

unsigned engine_fibers(const struct engine *e)
{
	return e->live;
}
