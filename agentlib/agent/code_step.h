/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One execution by a code executor agent: from text to CodeExecutionEvent. */
#include "agentlib/agent/agent_turn.h"
#include "agentlib/agent/code_agent_object.h"

struct code_step {
	struct fence_list blocks;
	int attempt;           /* from 0 */
	struct message *event; /* after code_step_execute() */
};

/* Frees what it holds. */
void code_step_finish(struct code_step *s);

/* Appends the programs in `text` that this agent runs. */
void code_step_find(const struct code_agent *a, const char *text,
		    struct code_step *s);

/*
 * Runs the blocks and emits a CodeExecutionEvent, kept in s->event, with the
 * output as the model should read it. -ERR_* when Coop could not run them.
 */
int code_step_execute(struct code_agent *a, const struct agent_turn *t,
		      struct code_step *s, struct err *err);

/* The output in a sentence when it is blank or an error; mem_free(). */
char *code_step_wrap(int exit_code, const char *output);
