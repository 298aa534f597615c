/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One message at its agent: make the agent if need be, run the handler, answer,
 * tell the observer. Does not choose whose turn it is. */
#include "executor/base/err.h"

struct agent_cell;
struct envelope;
struct runtime;

/* Makes the agent's state if it has none. -ERR_NOT_FOUND when its type has
 * instances only, -ERR_REENTRANT from inside its own `create`. */
int turn_instance(struct runtime *rt, struct agent_cell *c, struct err *err);

/* Runs the turn of one that mailbox_take() gave, on this fiber, to its end. */
void turn_run(struct runtime *rt, struct envelope *e);

/* Ends one that mailbox_take() gave, without running it. */
void turn_refuse(struct runtime *rt, struct envelope *e, const struct err *err);

/* Ends one that never entered its agent. */
void turn_drop(struct runtime *rt, struct envelope *e, const struct err *err);
