/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fiber_spawn(): ties a new stack to its owner and scope, and unties them when
 * it ends. Above group.c, which itself waits and so stands above fiber.c.
 */
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/sched.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"

static void spawn_main(struct fiber *f)
{
	struct group *g = f->group;

	f->fn(f->arg);
	/* Scopes that were entered and not left. */
	while (f->outer_count) {
		scope_unref(f->scope);
		f->scope = f->outer[--f->outer_count];
	}
	mem_free(f->outer);
	scope_unref(f->scope);
	f->scope = NULL;
	f->group = NULL;
	group_part(g);
}

int fiber_spawn(struct group *group, const char *name, fiber_fn *fn, void *arg,
		struct err *err)
{
	struct fiber *f = sched_create(group_engine(group), name, spawn_main,
				       err);

	if (!f)
		return -ERR_TOO_LARGE;
	f->fn = fn;
	f->arg = arg;
	f->scope = scope_ref(group_scope(group));
	f->group = group;
	group_join(group);
	return 0;
}
