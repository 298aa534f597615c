/* SPDX-License-Identifier: Apache-2.0 */
/* Members that the configs of several agents have in common. */
#include "agentlib/agent/agent_fields.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stdio.h>

/*
 * Python's rule, as far as it needs no tables: letters beyond ASCII are taken
 * for letters.
 */
static bool identifier(const char *s)
{
	_auto_free_ char *ascii = mem_strdup(s);

	for (char *c = ascii; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = 'a';
	return str_is_identifier(ascii);
}

const char *agent_fields_name(struct component_ctx *ctx,
			      const struct json *config)
{
	const char *name = component_string(ctx, config, "name", NULL);

	if (!name) {
		if (json_is(json_get(config, "name"), JSON_NULL))
			component_fault(ctx, "name", "is missing");
		return "";
	}
	if (!identifier(name)) {
		component_fault(ctx, "name", "\"%.100s\" is not an identifier",
				name);
		component_fault_try(ctx, "letters, digits and _ only, not "
					 "beginning with a digit");
	}
	return name;
}

struct model_context *agent_fields_context(struct component_ctx *ctx,
					   const struct json *config)
{
	const struct json *j = json_get(config, "model_context");

	if (json_is(j, JSON_NULL))
		return NULL;
	return component_load(ctx, j, "model_context", COMPONENT_MODEL_CONTEXT);
}

bool agent_fields_strings(struct component_ctx *ctx, const struct json *config,
			  const char *key, char ***items, size_t *count)
{
	const struct json *list = component_array(ctx, config, key), *e;
	size_t n = json_count(list), i = 0;
	char step[64];

	if (!list)
		return false;
	*items = mem_zero(n + 1, sizeof(**items));
	*count = 0;
	for (e = json_child(list); e; e = json_next(e), i++) {
		if (json_is(e, JSON_STRING)) {
			(*items)[(*count)++] = mem_strdup(json_string(e));
			continue;
		}
		snprintf(step, sizeof(step), "%s/%zu", key, i);
		component_fault(ctx, step, "must be a string, not %s",
				json_type_name(json_type(e)));
	}
	return true;
}

void agent_fields_free(char **items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mem_free(items[i]);
	mem_free(items);
}

/* How a tool, memory or hand-off of a file is called in it. */
static const char *element_name(const struct json *e)
{
	const char *name = json_string(e);

	if (!name)
		name = json_string(json_get(json_get(e, "config"), "name"));
	if (!name)
		name = json_string(json_get(e, "target"));
	if (!name)
		name = json_string(json_get(e, "label"));
	if (!name)
		name = json_string(json_get(e, "provider"));
	return name ? name : "this one";
}

void agent_fields_refuse(struct component_ctx *ctx, const struct json *config,
			 const char *key, const char *what)
{
	const struct json *list = component_array(ctx, config, key), *e;
	size_t i = 0;
	char step[64];

	for (e = json_child(list); e; e = json_next(e), i++) {
		snprintf(step, sizeof(step), "%s/%zu", key, i);
		component_fault(ctx, step, "%s are not run yet (%.100s)", what,
				element_name(e));
	}
}
