/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads a component object: finds its row, checks what stands around the
 * config, calls the class, and hangs the origin on what came back.
 */
#include "agentlib/core/component.h"

#include "agentlib/core/component_frame.h"
#include "agentlib/core/component_origin.h"
#include "agentlib/core/component_slot.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stdio.h>

#define EXTRA_MAX (1024 * 1024)

static const char *const type_names[] = {
	[COMPONENT_MODEL] = "model",
	[COMPONENT_AGENT] = "agent",
	[COMPONENT_TEAM] = "team",
	[COMPONENT_TERMINATION] = "termination",
	[COMPONENT_CODE_EXECUTOR] = "code_executor",
	[COMPONENT_MODEL_CONTEXT] = "chat_completion_context",
	[COMPONENT_WORKBENCH] = "workbench",
	[COMPONENT_TOOL] = "tool",
	[COMPONENT_MEMORY] = "memory",
	[COMPONENT_TOKEN_PROVIDER] = "token_provider",
	[COMPONENT_OTHER] = "other",
};

const char *component_type_name(enum component_type t)
{
	return type_names[t];
}

/* The short names that AutoGen itself accepts. */
static const char *const aliases[][2] = {
	{ "OpenAIChatCompletionClient",
	  "autogen_ext.models.openai.OpenAIChatCompletionClient" },
	{ "openai_chat_completion_client",
	  "autogen_ext.models.openai.OpenAIChatCompletionClient" },
	{ "AzureOpenAIChatCompletionClient",
	  "autogen_ext.models.openai.AzureOpenAIChatCompletionClient" },
	{ "azure_openai_chat_completion_client",
	  "autogen_ext.models.openai.AzureOpenAIChatCompletionClient" },
	{ "OllamaChatCompletionClient",
	  "autogen_ext.models.ollama.OllamaChatCompletionClient" },
	{ "ollama_chat_completion_client",
	  "autogen_ext.models.ollama.OllamaChatCompletionClient" },
};

const struct component_class *component_find(const struct component_ctx *ctx,
					     const char *provider)
{
	const struct component_class *const *const *floor;
	const struct component_class *const *c;

	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (str_equal(aliases[i][0], provider))
			provider = aliases[i][1];
	for (floor = ctx->floors; floor && *floor; floor++)
		for (c = *floor; *c; c++)
			if (str_equal((*c)->provider, provider))
				return *c;
	return NULL;
}

/*
 * The known provider nearest to `word`; classes are compared by their short
 * names, since it is packages that people do not remember.
 */
static const char *nearest_provider(const struct component_ctx *ctx,
				    const char *word)
{
	const struct component_class *const *const *floor;
	const struct component_class *const *c;
	_auto_free_ const char **names = NULL;
	const char *wanted = component_short_name(word), *near;
	size_t n = 0;

	for (floor = ctx->floors; floor && *floor; floor++) {
		for (c = *floor; *c; c++) {
			names = mem_resize(names, n + 2, sizeof(*names));
			names[n++] = component_short_name((*c)->provider);
			names[n] = NULL;
		}
	}
	near = names ? str_nearest(wanted, names) : NULL;
	for (floor = ctx->floors; near && floor && *floor; floor++)
		for (c = *floor; *c; c++)
			if (component_short_name((*c)->provider) == near)
				return (*c)->provider;
	return NULL;
}

static const struct component_class *find_class(struct component_ctx *ctx,
						const struct json *j)
{
	const char *provider = component_string(ctx, j, "provider", NULL);
	const struct component_class *cls;
	const char *near;

	if (!provider) {
		if (json_is(json_get(j, "provider"), JSON_NULL))
			component_fault(ctx, "provider",
					"is missing: it names the class");
		return NULL;
	}
	cls = component_find(ctx, provider);
	if (!cls) {
		component_fault(ctx, "provider", "\"%s\" is not known",
				provider);
		near = nearest_provider(ctx, provider);
		if (near)
			component_fault_try(ctx, "\"%s\"", near);
		return NULL;
	}
	if (!cls->load) {
		component_fault(ctx, "provider",
				"%s is not run by this Coop: %s", provider,
				cls->not_run ? cls->not_run
					     : "it has no loader");
		return NULL;
	}
	return cls;
}

static bool type_fits(struct component_ctx *ctx,
		      const struct component_class *cls, unsigned types)
{
	char wanted[160] = "";
	size_t at = 0;

	if (types & COMPONENT_BIT(cls->type))
		return true;
	for (size_t t = 0; t < ARRAY_LEN(type_names); t++) {
		if (!(types & COMPONENT_BIT(t)))
			continue;
		at += (size_t)snprintf(wanted + at, sizeof(wanted) - at, "%s%s",
				       at ? " or " : "", type_names[t]);
	}
	component_fault(ctx, "provider",
			"%s is a component of type %s; here "
			"stands one of type %s",
			cls->provider, type_names[cls->type], wanted);
	return false;
}

/* 0 when the file's version cannot be loaded. */
static int class_version(struct component_ctx *ctx, const struct json *j,
			 const struct component_class *cls)
{
	struct component_range r = { 1, cls->version, cls->version };
	size_t faults = ctx->fault_count;
	int64_t v = component_int_range(ctx, j, "component_version", &r);

	return ctx->fault_count > faults ? 0 : (int)v;
}

static void gather_extra(struct component_ctx *ctx, const struct json *j)
{
	static const char *const keys[] = { "provider",    "component_type",
					    "version",     "component_version",
					    "description", "label",
					    "config",      NULL };
	const struct json *m;

	component_string(ctx, j, "component_type", NULL);
	component_int(ctx, j, "version", 1);
	for (m = json_child(j); m; m = json_next(m)) {
		const char *const *k = keys;

		while (*k && !str_equal(*k, json_key(m)))
			k++;
		if (*k)
			continue;
		component_extra_add(&ctx->frame->extra, m);
		component_notice(ctx,
				 "the member \"%.100s\" is not known and "
				 "is kept but ignored",
				 json_key(m));
	}
}

static void hang_origin(struct component_ctx *ctx, const struct json *j,
			const struct component_class *cls, void *object)
{
	struct component_origin **slot = component_slot(cls->type, object);
	struct component_origin *o;

	if (!slot)
		return;
	o = mem_new(struct component_origin);
	o->cls = cls;
	o->type = mem_strdup(json_string(json_get(j, "component_type")));
	o->label = mem_strdup(json_string(json_get(j, "label")));
	o->description = mem_strdup(json_string(json_get(j, "description")));
	if (ctx->frame->extra.len)
		o->extra = buf_take(&ctx->frame->extra);
	if (ctx->frame->extra_config.len)
		o->extra_config = buf_take(&ctx->frame->extra_config);
	component_origin_free(*slot);
	*slot = o;
}

/* Calls the class with the pointer at the config; drops what it made when it
 * recorded faults and went on. */
static void *call_class(struct component_ctx *ctx, const struct json *j,
			const struct component_class *cls)
{
	const struct json *config = component_object(ctx, j, "config");
	size_t faults = ctx->fault_count;
	int version = class_version(ctx, j, cls);
	void *object;

	if (version == 0)
		return NULL;
	component_string(ctx, j, "label", NULL);
	component_string(ctx, j, "description", NULL);
	if (cls->served_by)
		component_notice(ctx, "%s %s",
				 component_short_name(cls->provider),
				 cls->served_by);
	component_enter(ctx, "config");
	object = cls->load(ctx, config, version);
	component_leave(ctx);
	if (object && ctx->fault_count > faults) {
		cls->unref(object);
		return NULL;
	}
	return object;
}

static void *load_here(struct component_ctx *ctx, const struct json *j,
		       unsigned types)
{
	struct component_frame frame, *outer = ctx->frame;
	const struct component_class *cls;
	size_t faults = ctx->fault_count;
	void *object = NULL;

	if (!json_is(j, JSON_OBJECT)) {
		component_fault(ctx, NULL,
				"must be a component object with "
				"\"provider\" and \"config\", not %s",
				json_type_name(json_type(j)));
		return NULL;
	}
	cls = find_class(ctx, j);
	if (!cls || !type_fits(ctx, cls, types))
		return NULL;
	buf_init(&frame.extra, EXTRA_MAX);
	buf_init(&frame.extra_config, EXTRA_MAX);
	ctx->frame = &frame;
	gather_extra(ctx, j);
	object = call_class(ctx, j, cls);
	if (object)
		hang_origin(ctx, j, cls, object);
	else if (ctx->fault_count == faults)
		component_fault(ctx, NULL, "could not be loaded");
	ctx->frame = outer;
	buf_finish(&frame.extra);
	buf_finish(&frame.extra_config);
	return object;
}

void *component_load_any(struct component_ctx *ctx, const struct json *j,
			 const char *key, unsigned types)
{
	void *object = NULL;

	if (key)
		component_enter(ctx, key);
	if (json_is(j, JSON_NULL))
		component_fault(ctx, NULL, "is missing");
	else if (ctx->depth >= COMPONENT_DEPTH_MAX)
		component_fault(ctx, NULL,
				"components are nested deeper than "
				"%d",
				COMPONENT_DEPTH_MAX);
	else {
		ctx->depth++;
		object = load_here(ctx, j, types);
		ctx->depth--;
	}
	if (key)
		component_leave(ctx);
	return object;
}

void *component_load(struct component_ctx *ctx, const struct json *j,
		     const char *key, enum component_type type)
{
	return component_load_any(ctx, j, key, COMPONENT_BIT(type));
}
