/* SPDX-License-Identifier: Apache-2.0 */
/* The team whose participants speak in a fixed order; see round_robin.h. */
#include "agentlib/team/round_robin.h"

#include "agentlib/core/field.h"
#include "agentlib/team/team_load.h"
#include "agentlib/team/team_state.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

#define NAME "RoundRobinGroupChat"
#define PROVIDER "autogen_agentchat.teams." NAME

struct round_robin {
	struct team team; /* first */
	unsigned next;
};

static int round_robin_select(struct team *t, unsigned *next, struct err *err)
{
	struct round_robin *r = (struct round_robin *)t;

	next[0] = r->next;
	r->next = (r->next + 1) % (unsigned)t->count;
	return 1;
}

static void round_robin_undo(struct team *t)
{
	struct round_robin *r = (struct round_robin *)t;

	r->next = (r->next + (unsigned)t->count - 1) % (unsigned)t->count;
}

static void round_robin_reset(struct team *t)
{
	((struct round_robin *)t)->next = 0;
}

static void round_robin_save(const struct team *t, struct json_writer *w)
{
	jw_kuint(w, "next_speaker_index",
		 ((const struct round_robin *)t)->next);
}

static int round_robin_load_state(struct team *t, const struct json *state,
				  struct err *err)
{
	struct field_range range = { 0, (int64_t)t->count - 1, 0 };
	int64_t next;
	int r = field_int(state, "next_speaker_index", &range, &next, err);

	if (r == 0)
		((struct round_robin *)t)->next = (unsigned)next;
	return r;
}

static void round_robin_destroy(struct team *t)
{
	mem_free(t);
}

static const struct team_ops round_robin_ops = {
	.task = TEAM_TASK_OPS(PROVIDER),
	.manager_name = NAME "Manager",
	.state_type = "RoundRobinManagerState",
	.select = round_robin_select,
	.undo = round_robin_undo,
	.reset = round_robin_reset,
	.save = round_robin_save,
	.load = round_robin_load_state,
	.destroy = round_robin_destroy,
};

struct task *round_robin_create(struct engine *e, const struct team_options *o)
{
	struct round_robin *r = mem_new(struct round_robin);
	struct team_options named = *o;

	if (!named.name)
		named.name = NAME;
	team_init(&r->team, &round_robin_ops, e, &named);
	return &r->team.task;
}

static void *round_robin_load(struct component_ctx *ctx,
			      const struct json *config, int version)
{
	static const char *const keys[] = { TEAM_LOAD_KEYS, NULL };
	struct team_config c;
	struct task *t;

	component_known_keys(ctx, config, keys);
	team_load(ctx, config, NAME,
		  COMPONENT_BIT(COMPONENT_AGENT) |
			  COMPONENT_BIT(COMPONENT_TEAM),
		  &c);
	team_load_reserve(ctx, &c, round_robin_ops.manager_name);
	t = round_robin_create(ctx->engine, &c.options);
	team_load_finish(&c);
	return t;
}

static void round_robin_unref(void *object)
{
	task_unref(object);
}

const struct component_class round_robin_class = {
	.provider = PROVIDER,
	.type = COMPONENT_TEAM,
	.version = 1,
	.load = round_robin_load,
	.unref = round_robin_unref,
};
