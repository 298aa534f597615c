/* SPDX-License-Identifier: Apache-2.0 */
/* What a file says of a model's abilities; guessing is model_table.c's. */
#include "agentlib/model/model_info.h"

#include "agentlib/core/component.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

/* The first three are required, as AutoGen does. */
static const struct {
	const char *key;
	size_t offset;
	bool required;
} flags[] = {
	{ "vision", offsetof(struct model_info, vision), true },
	{ "function_calling", offsetof(struct model_info, function_calling),
	  true },
	{ "json_output", offsetof(struct model_info, json_output), true },
	{ "structured_output", offsetof(struct model_info, structured_output),
	  false },
	{ "multiple_system_messages",
	  offsetof(struct model_info, multiple_system_messages), false },
};

static void read_members(struct component_ctx *ctx, const struct json *j,
			 bool family, struct model_info *info)
{
	const char *name;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		bool *flag = (bool *)((char *)info + flags[i].offset);

		*flag = component_bool(ctx, j, flags[i].key, false);
		if (flags[i].required && !json_get(j, flags[i].key))
			component_fault(ctx, flags[i].key,
					"this member is missing");
	}
	name = component_string(ctx, j, "family", NULL);
	if (family && !name)
		component_fault(ctx, "family", "this member is missing");
	else if (!str_copy(info->family, sizeof(info->family),
			   name ? name : "unknown"))
		component_fault(ctx, "family", "is longer than %zu characters",
				sizeof(info->family) - 1);
}

bool model_info_load(struct component_ctx *ctx, const struct json *config,
		     struct model_info *info)
{
	const struct json *j = component_object(ctx, config, "model_info");
	const struct json *old = component_object(ctx, config,
						  "model_capabilities");

	if (j && old)
		component_fault(ctx, "model_capabilities",
				"excludes model_info");
	if (!j && !old)
		return false;
	*info = (struct model_info){ 0 };
	component_enter(ctx, j ? "model_info" : "model_capabilities");
	read_members(ctx, j ? j : old, j != NULL, info);
	component_leave(ctx);
	return true;
}

void model_info_write(const struct model_info *info, struct json_writer *w)
{
	jw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		jw_kbool(w, flags[i].key,
			 *(const bool *)((const char *)info + flags[i].offset));
	jw_kstring(w, "family", info->family);
	jw_end_object(w);
}
