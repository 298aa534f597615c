/* SPDX-License-Identifier: Apache-2.0 */
/* The empty fixed set of tools; see static_workbench.h. */
#include "agentlib/tool/static_workbench.h"

#include "agentlib/core/field.h"
#include "agentlib/core/workbench.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

static int static_list(struct workbench *b, struct json_writer *w,
		       struct err *err)
{
	return 0;
}

static int static_call(struct workbench *b, const struct function_call *call,
		       struct function_result *out, struct err *err)
{
	out->content = mem_printf("Tool %s not found.", call->name);
	out->name = mem_strdup(call->name);
	out->call_id = mem_strdup(call->id);
	out->is_error = true;
	return 0;
}

static void static_save(const struct workbench *b, struct json_writer *w)
{
	jw_object(w);
	jw_kstring(w, "type", "StaticWorkbenchState");
	jw_key(w, "tools");
	jw_object(w);
	jw_end_object(w);
	jw_end_object(w);
}

static int static_load(struct workbench *b, const struct json *state,
		       struct err *err)
{
	return field_object(state, "the state of a workbench", err);
}

static void static_dump(const struct workbench *b, struct json_writer *w)
{
	jw_object(w);
	jw_key(w, "tools");
	jw_array(w);
	jw_end_array(w);
	jw_key(w, "tool_overrides");
	jw_object(w);
	jw_end_object(w);
	jw_end_object(w);
}

static void static_destroy(struct workbench *b)
{
	mem_free(b);
}

static const struct workbench_ops static_ops = {
	.provider = "autogen_core.tools.StaticStreamWorkbench",
	.list = static_list,
	.call = static_call,
	.save = static_save,
	.load = static_load,
	.dump = static_dump,
	.destroy = static_destroy,
};

struct workbench *static_workbench_create(void)
{
	struct workbench *b = mem_new(struct workbench);

	b->ops = &static_ops;
	b->refs = 1;
	return b;
}

static void *load_workbench(struct component_ctx *ctx,
			    const struct json *config, int version)
{
	static const char *const keys[] = { "tools", "tool_overrides", NULL };

	component_known_keys(ctx, config, keys);
	component_object(ctx, config, "tool_overrides");
	if (json_count(component_array(ctx, config, "tools"))) {
		component_fault(ctx, "tools", "tools are not run yet");
		component_fault_try(ctx, "an empty list");
	}
	return static_workbench_create();
}

static void unref_workbench(void *object)
{
	workbench_unref(object);
}

const struct component_class static_workbench_class = {
	.provider = "autogen_core.tools.StaticWorkbench",
	.type = COMPONENT_WORKBENCH,
	.version = 1,
	.load = load_workbench,
	.unref = unref_workbench,
};

const struct component_class static_stream_workbench_class = {
	.provider = "autogen_core.tools.StaticStreamWorkbench",
	.type = COMPONENT_WORKBENCH,
	.version = 1,
	.load = load_workbench,
	.unref = unref_workbench,
};
