/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What tests of agents and teams share: an engine with a virtual clock around a
 * body, runs that come out as lines, and the JSON of states and components.
 */
#include "agentlib/core/task.h"
#include "agentlib/fiber/engine.h"
#include "executor/base/str.h"

/* Runs fn(arg) on a fiber of a new engine with a virtual clock. */
void agent_rig_run(engine_fn *fn, void *arg);

struct agent_rig_result {
	char *seen;     /* what the sink saw: "Type source: text" lines */
	char *messages; /* what the result holds, the same way */
	char *stop;     /* stop reason; NULL: none */
	int rc;
	struct err err;
};
void agent_rig_finish(struct agent_rig_result *r);

/* Gives `text` from "user" (NULL: nothing) to the task; the result. */
struct agent_rig_result agent_rig_task(struct task *t, const char *text);

/* The task's state; the dump of its component; both freed by mem_free(). */
char *agent_rig_state(struct task *t);
char *agent_rig_dump(const struct task *t);

/* Loads a state. */
int agent_rig_load(struct task *t, const char *state, struct err *err);
