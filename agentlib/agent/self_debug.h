/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The turn of a code executor agent that has a model: write code, run it, look
 * at the error, correct, and say at the end what came out. Done right where
 * AutoGen is not: the input enters the context once, and the proposed
 * correction is given to the model that is to make it.
 */
#include "agentlib/agent/agent_turn.h"
#include "agentlib/agent/code_agent_object.h"

/* Takes the turn; the last message emitted is the answer. */
int self_debug_run(struct code_agent *a, const struct agent_turn *t,
		   struct err *err);
