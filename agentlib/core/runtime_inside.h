/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a runtime is made of, for its own files only. From below: agent_table,
 * envelope, mailbox (who may enter an agent), turn (one handler's run), worker
 * (the fibers), then the files of runtime.h.
 */
#include "agentlib/core/agent_table.h"
#include "agentlib/core/envelope.h"
#include "agentlib/core/intervention.h"
#include "agentlib/core/runtime.h"
#include "agentlib/core/subscription.h"
#include "agentlib/fiber/fiber.h"

struct group;
struct worker;

enum runtime_state { RUNTIME_STOPPED, RUNTIME_RUNNING, RUNTIME_STOPPING };

struct runtime {
	struct engine *engine;
	struct runtime_options options;
	struct agent_table agents;
	struct subscriptions *subscriptions;
	struct interventions chain;

	enum runtime_state state;
	unsigned refs;          /* the owner's and one of each worker */
	struct group *group;    /* of the workers */
	struct worker *working; /* those that have begun */
	unsigned workers;
	unsigned starting; /* of them: have not begun yet */
	struct wait ended; /* the last worker of a stop has ended */

	struct envelope *first_ready, *last_ready;
	struct envelope *outside; /* requests from outside of its scope */
	uint64_t searches;        /* in mailbox.c */
	size_t pending;
	struct wait idle;
	struct err *failed; /* what stop_on_error keeps */
};

/* Tells the observer, if there is one. */
static inline void runtime_tell(const struct runtime *rt,
				const struct runtime_event *ev)
{
	if (rt->options.observe)
		rt->options.observe(rt->options.observe_arg, ev);
}
