/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A count of live fibers, a scope above them, and the first error. One that is
 * destroyed where nobody can wait frees itself with its last fiber.
 */
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/sched.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"

struct group {
	struct engine *engine;
	struct scope *scope;
	unsigned alive;
	bool orphan;
	struct wait empty;
	struct err *first; /* NULL: nobody failed */
};

struct group *group_create(struct engine *e, struct scope *parent)
{
	struct group *g = mem_new(struct group);

	if (!parent)
		parent = fiber_scope();
	g->engine = e;
	g->scope = scope_create(e, parent, DEADLINE_NEVER);
	wait_init(&g->empty, "fibers of a group");
	return g;
}

struct scope *group_scope(struct group *g)
{
	return g->scope;
}

struct engine *group_engine(const struct group *g)
{
	return g->engine;
}

void group_fail(struct group *g, const struct err *err)
{
	if (g->first)
		return;
	g->first = mem_copy(err, sizeof(*err));
	scope_cancel(g->scope, err->text);
}

static void group_free(struct group *g)
{
	scope_unref(g->scope);
	mem_free(g->first);
	mem_free(g);
}

void group_join(struct group *g)
{
	g->alive++;
	g->empty.done = false;
}

void group_part(struct group *g)
{
	if (--g->alive > 0)
		return;
	if (g->orphan)
		group_free(g);
	else
		wait_wake(&g->empty);
}

/* Whether the caller is one of those it would wait for. */
static bool group_is_mine(const struct group *g)
{
	const struct fiber *f = sched_self();

	return f && f->group == g;
}

int group_wait(struct group *g, struct err *err)
{
	struct err why;
	int cancelled = 0;

	if (g->alive && group_is_mine(g))
		return err_set(err, ERR_REENTRANT,
			       "a fiber cannot wait for its own group");
	while (g->alive) {
		int rc = cancelled
				 ? fiber_await(&g->empty, &why)
				 : fiber_wait(&g->empty, DEADLINE_NEVER, &why);

		if (rc == -ERR_CANCELLED || rc == -ERR_DEADLINE) {
			cancelled = rc;
			scope_cancel(g->scope, why.text);
		} else if (rc < 0) {
			return err_set(err, why.code, "%s", why.text);
		}
	}
	if (g->first) {
		if (err)
			*err = *g->first;
		return -(int)g->first->code;
	}
	return cancelled ? fiber_check(err) : 0;
}

void group_destroy(struct group *g)
{
	if (!g)
		return;
	if (g->alive)
		scope_cancel(g->scope, "its owner has ended");
	if (!g->alive || !sched_self() || group_is_mine(g) || g->empty.waiter) {
		g->orphan = g->alive > 0;
		if (!g->orphan)
			group_free(g);
		return;
	}
	while (g->alive)
		fiber_await(&g->empty, NULL);
	group_free(g);
}
