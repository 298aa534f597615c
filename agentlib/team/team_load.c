/* SPDX-License-Identifier: Apache-2.0 */
/* The members that the configs of all teams have in common. */
#include "agentlib/team/team_load.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include <stdio.h>

/* Beyond this a file is not a team of somebody's. */
#define PARTICIPANTS_MAX 1000

static void check_name(struct component_ctx *ctx, const struct team_config *c,
		       size_t index)
{
	const char *name = c->participants[index]->name;
	char step[64];

	for (size_t i = 0; i < index; i++) {
		if (!str_equal(c->participants[i]->name, name))
			continue;
		snprintf(step, sizeof(step), "participants/%zu/config/name",
			 index);
		component_fault(ctx, step,
				"\"%.100s\" is the name of another "
				"participant too",
				name);
		return;
	}
}

void team_load_reserve(struct component_ctx *ctx, const struct team_config *c,
		       const char *manager)
{
	char step[64];

	for (size_t i = 0; i < c->options.count; i++) {
		if (!str_equal(c->participants[i]->name, manager))
			continue;
		snprintf(step, sizeof(step), "participants/%zu/config/name", i);
		component_fault(ctx, step, "\"%s\" is the team's manager",
				manager);
	}
}

static void load_participants(struct component_ctx *ctx,
			      const struct json *config, unsigned types,
			      struct team_config *c)
{
	const struct json *list = component_array(ctx, config, "participants");
	const struct json *e;
	size_t n = json_count(list), i = 0;
	char step[64];

	if (n == 0 || n > PARTICIPANTS_MAX) {
		if (list ||
		    json_is(json_get(config, "participants"), JSON_NULL))
			component_fault(ctx, "participants",
					"must have from 1 "
					"to %d elements",
					PARTICIPANTS_MAX);
		return;
	}
	c->participants = mem_zero(n, sizeof(struct task *));
	for (e = json_child(list); e; e = json_next(e), i++) {
		struct task *t;

		snprintf(step, sizeof(step), "participants/%zu", i);
		t = component_load_any(ctx, e, step, types);
		if (!t)
			continue;
		c->participants[c->options.count++] = t;
		/* Once one is missing, indexes differ from the file's; then
		 * the file is faulty anyhow. */
		check_name(ctx, c, c->options.count - 1);
	}
	c->options.participants = c->participants;
}

static int max_turns(struct component_ctx *ctx, const struct json *config)
{
	static const struct component_range range = { 1, 1000000000, 0 };
	const struct component_settings *s = ctx->settings;
	int turns = (int)component_int_range(ctx, config, "max_turns", &range);

	/* The command line means the outermost team. */
	if (s && s->max_turns && ctx->depth == 1)
		return s->max_turns < (uint64_t)range.max ? (int)s->max_turns
							  : (int)range.max;
	return turns;
}

void team_load(struct component_ctx *ctx, const struct json *config,
	       const char *name, unsigned types, struct team_config *out)
{
	const struct json *condition = json_get(config,
						"termination_condition");
	struct team_options *o = &out->options;

	*out = (struct team_config){ 0 };
	o->name = component_string(ctx, config, "name", name);
	o->description = component_string(ctx, config, "description", NULL);
	load_participants(ctx, config, types, out);
	if (!json_is(condition, JSON_NULL))
		o->termination = component_load(ctx, condition,
						"termination_condition",
						COMPONENT_TERMINATION);
	o->max_turns = max_turns(ctx, config);
	o->emit_team_events = component_bool(ctx, config, "emit_team_events",
					     false);
}

void team_load_finish(struct team_config *c)
{
	for (size_t i = 0; i < c->options.count; i++)
		task_unref(c->participants[i]);
	mem_free(c->participants);
	termination_unref(c->options.termination);
	*c = (struct team_config){ 0 };
}
