/* SPDX-License-Identifier: Apache-2.0 */
/* The agent that answers by asking a model; loading is in assistant_load.c. */
#include "agentlib/agent/assistant.h"

#include "agentlib/agent/agent_turn.h"
#include "agentlib/agent/assistant_object.h"
#include "agentlib/core/field.h"
#include "agentlib/core/workbench.h"
#include "agentlib/memory/unbounded.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

const char assistant_system_message[] =
	"You are a careful assistant. Work on the task step by step with what "
	"you have been given. When the whole task is done, say the result and "
	"end your answer with the word TERMINATE.";

#define DESCRIPTION "An assistant that answers, plans and solves tasks."

static int answer(struct assistant *a, const struct agent_turn *t,
		  struct err *err)
{
	struct message *m = message_new(MESSAGE_TEXT, t->task->name, NULL);
	struct agent_question q = {
		.model = a->model,
		.context = a->context,
		.system = a->system,
		.stream = a->stream,
		.message_id = m->id,
	};
	struct create_result r;
	int rc;

	agent_turn_take(t, a->context);
	rc = agent_turn_ask(t, &q, &r, err);
	if (rc < 0) {
		message_unref(m);
		return rc;
	}
	m->content = mem_take(r.content);
	m->has_usage = true;
	m->usage = r.usage;
	create_result_finish(&r);
	return agent_turn_emit(t, m, err);
}

static int assistant_run(struct task *t, const struct task_input *in,
			 struct task_result *out, struct err *err)
{
	struct assistant *a = (struct assistant *)t;
	struct agent_turn turn = { t, in, out };
	size_t mark = model_context_mark(a->context);
	int r = answer(a, &turn, err);

	if (r < 0)
		model_context_rewind(a->context, mark);
	return r;
}

static int assistant_reset(struct task *t, struct err *err)
{
	model_context_clear(((struct assistant *)t)->context);
	return 0;
}

static void assistant_save(struct task *t, struct json_writer *w)
{
	const struct assistant *a = (struct assistant *)t;

	jw_object(w);
	jw_kstring(w, "type", "AssistantAgentState");
	jw_kstring(w, "version", "1.0.0");
	jw_key(w, "llm_context");
	model_context_save(a->context, w);
	jw_end_object(w);
}

static int assistant_load(struct task *t, const struct json *state,
			  struct err *err)
{
	struct assistant *a = (struct assistant *)t;
	const struct json *context = json_get(state, "llm_context");
	int r = field_object(state, "the state of an assistant", err);

	if (r < 0)
		return r;
	/* A state that was saved before the first turn may be empty. */
	if (json_is(context, JSON_NULL) ||
	    (json_is(context, JSON_OBJECT) && !json_count(context))) {
		model_context_clear(a->context);
		return 0;
	}
	r = model_context_load(a->context, context, err);
	return r < 0 ? field_below(err, "llm_context") : 0;
}

static void dump_parts(const struct assistant *a, struct json_writer *w)
{
	jw_key(w, "model_client");
	component_dump(COMPONENT_MODEL, a->model, w);
	jw_key(w, "workbench");
	jw_array(w);
	for (size_t i = 0; i < a->workbench_count; i++)
		component_dump(COMPONENT_WORKBENCH, a->workbenches[i], w);
	jw_end_array(w);
	jw_key(w, "model_context");
	component_dump(COMPONENT_MODEL_CONTEXT, a->context, w);
}

static void assistant_dump(const struct task *t, struct json_writer *w)
{
	const struct assistant *a = (const struct assistant *)t;

	jw_object(w);
	jw_kstring(w, "name", t->name);
	dump_parts(a, w);
	jw_kstring(w, "description", t->description);
	if (a->system)
		jw_kstring(w, "system_message", a->system);
	jw_kbool(w, "model_client_stream", a->stream);
	jw_kbool(w, "reflect_on_tool_use", a->reflect);
	jw_kstring(w, "tool_call_summary_format", a->summary_format);
	jw_kint(w, "max_tool_iterations", a->max_tool_iterations);
	jw_key(w, "metadata");
	jw_raw(w, a->metadata ? a->metadata : "{}");
	jw_end_object(w);
}

static void assistant_destroy(struct task *t)
{
	struct assistant *a = (struct assistant *)t;

	for (size_t i = 0; i < a->workbench_count; i++)
		workbench_unref(a->workbenches[i]);
	mem_free(a->workbenches);
	model_unref(a->model);
	model_context_unref(a->context);
	mem_free(a->system);
	mem_free(a->summary_format);
	mem_free(a->metadata);
	mem_free(a);
}

static const struct task_ops assistant_ops = {
	.provider = ASSISTANT_PROVIDER,
	.run = assistant_run,
	.reset = assistant_reset,
	.save = assistant_save,
	.load = assistant_load,
	.dump = assistant_dump,
	.destroy = assistant_destroy,
};

struct task *assistant_create(struct engine *e,
			      const struct assistant_options *o)
{
	struct assistant *a = mem_new(struct assistant);

	a->task.ops = &assistant_ops;
	a->task.refs = 1;
	a->task.engine = e;
	a->task.name = mem_strdup(o->name);
	a->task.description = mem_strdup(o->description ? o->description
							: DESCRIPTION);
	a->model = model_ref(o->model);
	a->context = o->context ? model_context_ref(o->context)
				: unbounded_create();
	a->system = mem_strdup(o->system);
	a->stream = o->stream;
	a->summary_format = mem_strdup("{result}");
	a->max_tool_iterations = 1;
	return &a->task;
}
