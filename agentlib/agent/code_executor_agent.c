/* SPDX-License-Identifier: Apache-2.0 */
/* The agent that runs code; loading it is in code_executor_agent_load.c. */
#include "agentlib/agent/code_executor_agent.h"

#include "agentlib/agent/agent_fields.h"
#include "agentlib/agent/code_step.h"
#include "agentlib/agent/self_debug.h"
#include "agentlib/core/code_executor.h"
#include "agentlib/core/field.h"
#include "agentlib/memory/unbounded.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

const char code_executor_agent_system_message[] =
	"You solve tasks by writing programs that are run for you. Put each "
	"program in a fenced block, ```python for Python or ```sh for shell, "
	"complete and ready to run, and print what you need to see.";

static const char terminal_description[] =
	"A terminal that does nothing but run programs: Python in ```python "
	"blocks, shell in ```sh blocks. It answers with their output.";
static const char writer_description[] =
	"Writes Python and shell programs for a task, runs them, corrects them "
	"where they fail, and reports the result.";
static const char no_code[] =
	"No code blocks found. Please write at least one program to run, in a "
	"Markdown block that begins with ```python or ```sh.";

static bool from_source(const struct code_agent *a, const char *source)
{
	if (a->any_source)
		return true;
	for (size_t i = 0; i < a->source_count; i++)
		if (str_equal(a->sources[i], source))
			return true;
	return false;
}

/* Without a model: what others wrote, in one call of the executor. */
static int run_given(struct code_agent *a, const struct agent_turn *t,
		     struct err *err)
{
	struct code_step s = { .attempt = 0 };
	int r = 0;

	for (size_t i = 0; i < t->in->count; i++) {
		const struct message *m = t->in->messages[i];

		if (m->type == MESSAGE_TEXT && from_source(a, m->source))
			code_step_find(a, m->content, &s);
	}
	if (s.blocks.count)
		r = code_step_execute(a, t, &s, err);
	if (r == 0)
		r = agent_turn_emit(t,
				    message_new(MESSAGE_TEXT, a->task.name,
						s.event ? s.event->output
							: no_code),
				    err);
	code_step_finish(&s);
	return r;
}

static int agent_run(struct task *t, const struct task_input *in,
		     struct task_result *out, struct err *err)
{
	struct code_agent *a = (struct code_agent *)t;
	struct agent_turn turn = { t, in, out };
	size_t mark = model_context_mark(a->context);
	int r;

	r = a->model ? self_debug_run(a, &turn, err) : run_given(a, &turn, err);
	if (r < 0)
		model_context_rewind(a->context, mark);
	return r;
}

static int agent_reset(struct task *t, struct err *err)
{
	model_context_clear(((struct code_agent *)t)->context);
	return 0;
}

static int agent_close(struct task *t, struct err *err)
{
	return code_executor_stop(((struct code_agent *)t)->executor, err);
}

/* AutoGen's is an empty BaseState; the context is ours, since it has one. */
static void agent_save(struct task *t, struct json_writer *w)
{
	const struct code_agent *a = (struct code_agent *)t;

	jw_object(w);
	jw_kstring(w, "type", "BaseState");
	jw_kstring(w, "version", "1.0.0");
	if (a->model) {
		jw_key(w, "llm_context");
		model_context_save(a->context, w);
	}
	jw_end_object(w);
}

static int agent_load(struct task *t, const struct json *state, struct err *err)
{
	struct code_agent *a = (struct code_agent *)t;
	const struct json *context = json_get(state, "llm_context");
	int r = field_object(state, "the state of a code executor agent", err);

	if (r < 0)
		return r;
	if (json_is(context, JSON_NULL)) {
		model_context_clear(a->context);
		return 0;
	}
	r = model_context_load(a->context, context, err);
	return r < 0 ? field_below(err, "llm_context") : 0;
}

static void dump_strings(const char *key, char *const *items, size_t count,
			 struct json_writer *w)
{
	jw_key(w, key);
	jw_array(w);
	for (size_t i = 0; i < count; i++)
		jw_string(w, items[i]);
	jw_end_array(w);
}

static void dump_parts(const struct code_agent *a, struct json_writer *w)
{
	jw_key(w, "code_executor");
	component_dump(COMPONENT_CODE_EXECUTOR, a->executor, w);
	if (a->model) {
		jw_key(w, "model_client");
		component_dump(COMPONENT_MODEL, a->model, w);
	}
}

static void agent_dump(const struct task *t, struct json_writer *w)
{
	const struct code_agent *a = (const struct code_agent *)t;

	jw_object(w);
	jw_kstring(w, "name", t->name);
	dump_parts(a, w);
	jw_kstring(w, "description", t->description);
	if (!a->any_source)
		dump_strings("sources", a->sources, a->source_count, w);
	if (a->system)
		jw_kstring(w, "system_message", a->system);
	jw_kbool(w, "model_client_stream", a->stream);
	jw_key(w, "model_context");
	component_dump(COMPONENT_MODEL_CONTEXT, a->context, w);
	dump_strings("supported_languages", a->languages, a->language_count, w);
	/* Two that AutoGen loses or does not have; it passes over them. */
	if (a->max_retries)
		jw_kint(w, "max_retries_on_error", a->max_retries);
	if (a->untagged)
		jw_kstring(w, "untagged_language", a->untagged);
	jw_end_object(w);
}

static void agent_destroy(struct task *t)
{
	struct code_agent *a = (struct code_agent *)t;

	code_executor_unref(a->executor);
	model_unref(a->model);
	model_context_unref(a->context);
	agent_fields_free(a->sources, a->source_count);
	agent_fields_free(a->languages, a->language_count);
	mem_free(a->system);
	mem_free(a->untagged);
	mem_free(a);
}

static const struct task_ops agent_ops = {
	.provider = CODE_AGENT_PROVIDER,
	.run = agent_run,
	.reset = agent_reset,
	.save = agent_save,
	.load = agent_load,
	.dump = agent_dump,
	.close = agent_close,
	.destroy = agent_destroy,
};

struct task *code_executor_agent_create(
	struct engine *e, const struct code_executor_agent_options *o)
{
	struct code_agent *a = mem_new(struct code_agent);
	const char *description = o->model ? writer_description
					   : terminal_description;

	a->task.ops = &agent_ops;
	a->task.refs = 1;
	a->task.engine = e;
	a->task.name = mem_strdup(o->name);
	a->task.description = mem_strdup(o->description ? o->description
							: description);
	a->executor = code_executor_ref(o->executor);
	a->model = model_ref(o->model);
	a->context = o->context ? model_context_ref(o->context)
				: unbounded_create();
	a->system = mem_strdup(o->system);
	a->stream = o->stream;
	a->max_retries = o->max_retries;
	a->untagged = mem_strdup(o->untagged);
	a->any_source = true;
	a->language_count = 2;
	a->languages = mem_zero(2, sizeof(char *));
	a->languages[0] = mem_strdup("python");
	a->languages[1] = mem_strdup("sh");
	return &a->task;
}
