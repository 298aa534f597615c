/* SPDX-License-Identifier: Apache-2.0 */
/* A code executor agent from its config. */
#include "agentlib/agent/code_executor_agent.h"

#include "agentlib/agent/agent_fields.h"
#include "agentlib/agent/code_agent_object.h"
#include "agentlib/core/code_executor.h"
#include "agentlib/core/model.h"
#include "agentlib/core/model_context.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"

static void load_lists(struct component_ctx *ctx, const struct json *config,
		       struct code_agent *a)
{
	char **items;
	size_t count;

	if (agent_fields_strings(ctx, config, "sources", &items, &count)) {
		a->any_source = false;
		a->sources = items;
		a->source_count = count;
	}
	if (!agent_fields_strings(ctx, config, "supported_languages", &items,
				  &count))
		return;
	agent_fields_free(a->languages, a->language_count);
	a->languages = items;
	a->language_count = count;
	if (count == 0)
		component_fault(ctx, "supported_languages",
				"must name at least one language");
}

static void check_retries(struct component_ctx *ctx, const struct json *config,
			  struct code_executor_agent_options *o)
{
	static const struct component_range range = { 0, 100, 0 };

	o->max_retries = (int)component_int_range(ctx, config,
						  "max_retries_on_error",
						  &range);
	if (o->max_retries > 0 && o->model && !o->model->info.structured_output)
		component_fault(ctx, "max_retries_on_error",
				"needs a model with structured output");
}

static void *code_executor_agent_load(struct component_ctx *ctx,
				      const struct json *config, int version)
{
	static const char *const keys[] = { "name",
					    "code_executor",
					    "model_client",
					    "description",
					    "sources",
					    "system_message",
					    "model_client_stream",
					    "model_context",
					    "supported_languages",
					    "max_retries_on_error",
					    "untagged_language",
					    NULL };
	struct code_executor_agent_options o = {
		.name = agent_fields_name(ctx, config),
		.description = component_string(ctx, config, "description",
						NULL),
		.system = component_string(ctx, config, "system_message", NULL),
		.stream = component_bool(ctx, config, "model_client_stream",
					 false),
		.untagged = component_string(ctx, config, "untagged_language",
					     NULL),
	};
	const struct json *model = json_get(config, "model_client");
	struct task *t;

	component_known_keys(ctx, config, keys);
	o.executor = component_load(ctx, json_get(config, "code_executor"),
				    "code_executor", COMPONENT_CODE_EXECUTOR);
	if (!json_is(model, JSON_NULL))
		o.model = component_load(ctx, model, "model_client",
					 COMPONENT_MODEL);
	o.context = agent_fields_context(ctx, config);
	check_retries(ctx, config, &o);
	t = code_executor_agent_create(ctx->engine, &o);
	code_executor_unref(o.executor);
	model_unref(o.model);
	model_context_unref(o.context);
	load_lists(ctx, config, (struct code_agent *)t);
	return t;
}

static void code_executor_agent_unref(void *object)
{
	task_unref(object);
}

const struct component_class code_executor_agent_class = {
	.provider = CODE_AGENT_PROVIDER,
	.type = COMPONENT_AGENT,
	.version = 1,
	.load = code_executor_agent_load,
	.unref = code_executor_agent_unref,
};
