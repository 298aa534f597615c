/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What every agent does in a turn: take in messages, ask a model, emit what it
 * makes. A turn that fails leaves the model context as it was, because the
 * caller will give the same messages again.
 */
#include "agentlib/core/model.h"
#include "agentlib/core/model_context.h"
#include "agentlib/core/task.h"

struct agent_turn {
	const struct task *task; /* its name is the source of all it makes */
	const struct task_input *in;
	struct task_result *out;
};

/*
 * Puts `m` (the reference moves) into the result, unless it is a streaming
 * chunk, and emits it. 0 or the sink's error.
 */
int agent_turn_emit(const struct agent_turn *t, struct message *m,
		    struct err *err);

/* Adds the new messages to the context; a hand-off brings its own first. */
void agent_turn_take(const struct agent_turn *t, struct model_context *c);

/* One question to a model. */
struct agent_question {
	struct model *model;
	struct model_context *context;
	const char *system;        /* system message; NULL: none */
	struct llm_message *extra; /* after the context; NULL: none */
	bool stream;
	const char *message_id;  /* that chunks are tagged with; or NULL */
	const char *schema_name; /* structured output; NULL: text */
	const char *schema_json;
	bool silent; /* no thought event, nothing remembered */
};

/*
 * Asks, emits chunks and a ThoughtEvent, and adds the answer to the context.
 * *out ends with create_result_finish(). An answer that is not text is
 * -ERR_UNSUPPORTED: no tools were offered.
 */
int agent_turn_ask(const struct agent_turn *t, const struct agent_question *q,
		   struct create_result *out, struct err *err);
