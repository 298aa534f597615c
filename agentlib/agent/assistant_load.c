/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An assistant from its config. Version 1 has `tools`, and `workbench` as one
 * component; version 2 has `workbench` as a list, and both may stand empty.
 */
#include "agentlib/agent/assistant.h"

#include "agentlib/agent/agent_fields.h"
#include "agentlib/agent/assistant_object.h"
#include "agentlib/core/model.h"
#include "agentlib/core/model_context.h"
#include "agentlib/core/workbench.h"
#include "agentlib/tool/static_workbench.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include <stdio.h>

static void add_workbench(struct component_ctx *ctx, struct assistant *a,
			  const struct json *j, const char *key)
{
	struct workbench *b = component_load(ctx, j, key, COMPONENT_WORKBENCH);

	if (!b)
		return;
	a->workbenches = mem_resize(a->workbenches, a->workbench_count + 1,
				    sizeof(struct workbench *));
	a->workbenches[a->workbench_count++] = b;
}

static void load_workbenches(struct component_ctx *ctx,
			     const struct json *config, struct assistant *a)
{
	const struct json *j = json_get(config, "workbench"), *e;
	size_t i = 0;
	char step[64];

	if (json_is(j, JSON_OBJECT)) {
		add_workbench(ctx, a, j, "workbench");
		return;
	}
	j = component_array(ctx, config, "workbench");
	for (e = json_child(j); e; e = json_next(e), i++) {
		snprintf(step, sizeof(step), "workbench/%zu", i);
		add_workbench(ctx, a, e, step);
	}
	/* A dump always carries one, as AutoGen's does. */
	if (i > 0)
		return;
	a->workbenches = mem_zero(1, sizeof(struct workbench *));
	a->workbenches[a->workbench_count++] = static_workbench_create();
}

static void load_metadata(struct component_ctx *ctx, const struct json *config,
			  struct assistant *a)
{
	const struct json *all = component_object(ctx, config, "metadata"), *e;

	if (!all)
		return;
	component_enter(ctx, "metadata");
	for (e = json_child(all); e; e = json_next(e)) {
		char step[128];

		component_escape(json_key(e), step, sizeof(step));
		if (!json_is(e, JSON_STRING))
			component_fault(ctx, step, "must be a string, not %s",
					json_type_name(json_type(e)));
	}
	component_leave(ctx);
	a->metadata = json_print(all);
}

static void load_tool_members(struct component_ctx *ctx,
			      const struct json *config, struct assistant *a)
{
	static const struct component_range iterations = { 1, 1000000, 1 };

	agent_fields_refuse(ctx, config, "tools", "tools");
	agent_fields_refuse(ctx, config, "handoffs", "hand-offs");
	agent_fields_refuse(ctx, config, "memory", "memories");
	if (component_object(ctx, config, "structured_message_factory"))
		component_fault(ctx, "structured_message_factory",
				"structured messages are not run yet");
	load_workbenches(ctx, config, a);
	a->reflect = component_bool(ctx, config, "reflect_on_tool_use", false);
	mem_free(a->summary_format);
	a->summary_format = mem_strdup(component_string(
		ctx, config, "tool_call_summary_format", "{result}"));
	a->max_tool_iterations = component_int_range(ctx, config,
						     "max_tool_iterations",
						     &iterations);
}

static void *assistant_load(struct component_ctx *ctx,
			    const struct json *config, int version)
{
	static const char *const keys[] = { "name",
					    "model_client",
					    "tools",
					    "workbench",
					    "handoffs",
					    "model_context",
					    "memory",
					    "description",
					    "system_message",
					    "model_client_stream",
					    "reflect_on_tool_use",
					    "tool_call_summary_format",
					    "max_tool_iterations",
					    "metadata",
					    "structured_message_factory",
					    NULL };
	struct assistant_options o = {
		.name = agent_fields_name(ctx, config),
		.description = component_string(ctx, config, "description",
						NULL),
		.system = component_string(ctx, config, "system_message", NULL),
		.stream = component_bool(ctx, config, "model_client_stream",
					 false),
	};
	struct task *t;

	component_known_keys(ctx, config, keys);
	o.model = component_load(ctx, json_get(config, "model_client"),
				 "model_client", COMPONENT_MODEL);
	o.context = agent_fields_context(ctx, config);
	t = assistant_create(ctx->engine, &o);
	model_unref(o.model);
	model_context_unref(o.context);
	load_tool_members(ctx, config, (struct assistant *)t);
	load_metadata(ctx, config, (struct assistant *)t);
	return t;
}

static void assistant_unref(void *object)
{
	task_unref(object);
}

const struct component_class assistant_class = {
	.provider = ASSISTANT_PROVIDER,
	.type = COMPONENT_AGENT,
	.version = 2,
	.load = assistant_load,
	.unref = assistant_unref,
};
