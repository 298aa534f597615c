/* SPDX-License-Identifier: Apache-2.0 */
/* Typed members of a config; whatever is wrong becomes a fault of its place. */
#include "agentlib/core/component.h"

#include "agentlib/core/component_frame.h"
#include "agentlib/core/component_origin.h"
#include "executor/base/json.h"
#include "executor/base/str.h"

/* The member if it is there and not null; a fault when its type is wrong. */
static const struct json *member(struct component_ctx *ctx,
				 const struct json *config, const char *key,
				 enum json_type type)
{
	const struct json *j = json_get(config, key);

	if (json_is(j, JSON_NULL))
		return NULL;
	if (json_is(j, type))
		return j;
	component_fault(ctx, key, "must be a %s, not %s", json_type_name(type),
			json_type_name(json_type(j)));
	return NULL;
}

const char *component_string(struct component_ctx *ctx,
			     const struct json *config, const char *key,
			     const char *otherwise)
{
	const struct json *j = member(ctx, config, key, JSON_STRING);

	return j ? json_string(j) : otherwise;
}

bool component_bool(struct component_ctx *ctx, const struct json *config,
		    const char *key, bool otherwise)
{
	return json_bool(member(ctx, config, key, JSON_BOOL), otherwise);
}

int64_t component_int(struct component_ctx *ctx, const struct json *config,
		      const char *key, int64_t otherwise)
{
	const struct json *j = member(ctx, config, key, JSON_NUMBER);
	int64_t v;

	if (!j)
		return otherwise;
	if (json_int(j, &v))
		return v;
	component_fault(ctx, key, "must be a whole number of at most 64 bits");
	return otherwise;
}

int64_t component_int_range(struct component_ctx *ctx,
			    const struct json *config, const char *key,
			    const struct component_range *range)
{
	int64_t v = component_int(ctx, config, key, range->otherwise);

	if (json_is(json_get(config, key), JSON_NULL) ||
	    (v >= range->min && v <= range->max))
		return v;
	component_fault(ctx, key, "must be from %lld to %lld, not %lld",
			(long long)range->min, (long long)range->max,
			(long long)v);
	return range->otherwise;
}

double component_number(struct component_ctx *ctx, const struct json *config,
			const char *key, double otherwise)
{
	return json_number(member(ctx, config, key, JSON_NUMBER), otherwise);
}

const struct json *component_array(struct component_ctx *ctx,
				   const struct json *config, const char *key)
{
	return member(ctx, config, key, JSON_ARRAY);
}

const struct json *component_object(struct component_ctx *ctx,
				    const struct json *config, const char *key)
{
	return member(ctx, config, key, JSON_OBJECT);
}

static bool known(const char *key, const char *const *keys)
{
	for (; *keys; keys++)
		if (str_equal(*keys, key))
			return true;
	return false;
}

void component_known_keys(struct component_ctx *ctx, const struct json *config,
			  const char *const *keys)
{
	const struct json *m;

	for (m = json_child(config); m; m = json_next(m)) {
		const char *near;
		char step[128];

		if (!json_is(config, JSON_OBJECT) || known(json_key(m), keys))
			continue;
		if (ctx->frame)
			component_extra_add(&ctx->frame->extra_config, m);
		near = str_nearest(json_key(m), keys);
		component_escape(json_key(m), step, sizeof(step));
		component_enter(ctx, step);
		component_notice(ctx,
				 "this member is not known and is ignored"
				 "%s%s%s",
				 near ? "; did you mean \"" : "",
				 near ? near : "", near ? "\"?" : "");
		component_leave(ctx);
	}
}
