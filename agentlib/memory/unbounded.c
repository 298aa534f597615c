/* SPDX-License-Identifier: Apache-2.0 */
/* The model context that shows the model everything; see unbounded.h. */
#include "agentlib/memory/unbounded.h"

#include "agentlib/core/model_context.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <stdio.h>

#define PROVIDER "autogen_core.model_context.UnboundedChatCompletionContext"

static int unbounded_view(struct model_context *c, struct llm_list *out,
			  struct err *err)
{
	for (size_t i = 0; i < c->all.count; i++)
		llm_list_add(out, c->all.items[i]);
	return 0;
}

static void unbounded_dump(const struct model_context *c, struct json_writer *w)
{
	jw_object(w);
	if (c->initial.count) {
		jw_key(w, "initial_messages");
		jw_array(w);
		for (size_t i = 0; i < c->initial.count; i++)
			llm_write(c->initial.items[i], w);
		jw_end_array(w);
	}
	jw_end_object(w);
}

static void unbounded_destroy(struct model_context *c)
{
	mem_free(c);
}

static const struct model_context_ops unbounded_ops = {
	.provider = PROVIDER,
	.view = unbounded_view,
	.dump = unbounded_dump,
	.destroy = unbounded_destroy,
};

struct model_context *unbounded_create(void)
{
	struct model_context *c = mem_new(struct model_context);

	c->ops = &unbounded_ops;
	c->refs = 1;
	return c;
}

static void *unbounded_load(struct component_ctx *ctx,
			    const struct json *config, int version)
{
	static const char *const keys[] = { "initial_messages", NULL };
	struct model_context *c = unbounded_create();
	const struct json *list, *e;
	size_t i = 0;

	component_known_keys(ctx, config, keys);
	list = component_array(ctx, config, "initial_messages");
	for (e = json_child(list); e; e = json_next(e), i++) {
		struct err err = { 0 };
		struct llm_message *m = llm_read(e, &err);
		char step[160];

		if (!m) {
			snprintf(step, sizeof(step), "initial_messages/%zu%s",
				 i, err.field);
			component_fault(ctx, step, "%s", err.text);
			continue;
		}
		llm_list_add(&c->initial, m);
		model_context_add(c, m);
		llm_unref(m);
	}
	return c;
}

static void unbounded_unref(void *object)
{
	model_context_unref(object);
}

const struct component_class unbounded_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL_CONTEXT,
	.version = 1,
	.load = unbounded_load,
	.unref = unbounded_unref,
};
