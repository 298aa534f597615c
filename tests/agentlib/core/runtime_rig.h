/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the tests of the runtime share: a started runtime on a fiber of an engine
 * with a virtual clock, and agents that do what their message says. A message is
 * a list of words, done from left to right:
 *	=TEXT   writes TEXT into the trace
 *	sN      sleeps N ms
 *	>T/K(…) asks agent T/K with the words in parentheses
 *	!T/K(…) the same as a control message
 *	@T/S(…) publishes to topic T/S
 *	fN      fails with error code N
 *	cN      on cancel: cleans up for N ms in a shield
 */
#include "agentlib/core/runtime.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

struct runtime_rig {
	struct engine *engine;
	struct runtime *rt;
	struct buf trace;  /* "TEXT TEXT " */
	struct buf events; /* "type:kind " of what the observer was told */
	unsigned running;  /* handlers */
	unsigned overlaps; /* two runs of one agent that none may see */
	unsigned made, destroyed;
};

/* An agent's state; `depth` counts its handlers that are between waits. */
struct runtime_actor {
	struct runtime_rig *rig;
	unsigned inside; /* handlers begun and not ended */
	unsigned asking; /* of them: waiting for an answer */
	bool loose;      /* they may overlap */
	char saved[32];
};

extern const struct agent_class runtime_actor_class;
extern const struct agent_class runtime_loose_class;

typedef void runtime_rig_fn(struct runtime_rig *r);

/* Runs fn with types a, b, c, d (strict) and o (overlapping) registered and the
 * runtime started. `o` may be NULL. */
void runtime_rig_run(const struct runtime_options *o, runtime_rig_fn *fn);

/* Asks "type/key" from outside; the error code or 0. */
int runtime_rig_ask(struct runtime_rig *r, const char *to, const char *words);

/* The same on a fiber of its own in `g`; what came of it goes to *rc. */
void runtime_rig_ask_later(struct runtime_rig *r, struct group *g,
			   const char *to_and_words, int *rc);

/* Publishes from outside. */
int runtime_rig_publish(struct runtime_rig *r, const char *topic,
			const char *words);

/* Adds a subscription that must be addable; its id. */
const char *runtime_rig_listen(struct runtime_rig *r, const char *topic_type,
			       const char *agent_type);
