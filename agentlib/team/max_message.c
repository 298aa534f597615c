/* SPDX-License-Identifier: Apache-2.0 */
/* Stops after so many messages; see max_message.h. */
#include "agentlib/team/max_message.h"

#include "agentlib/core/termination.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <inttypes.h>

#define NAME "MaxMessageTermination"
#define PROVIDER "autogen_agentchat.conditions." NAME

struct max_message {
	struct termination base; /* first */
	int64_t max, count;
	bool include_events;
};

static int max_message_check(struct termination *t,
			     struct message *const *delta, size_t count,
			     struct message **stop, struct err *err)
{
	struct max_message *m = (struct max_message *)t;
	_auto_free_ char *text = NULL;

	for (size_t i = 0; i < count; i++)
		if (m->include_events || message_is_chat(delta[i]->type))
			m->count++;
	if (m->count < m->max)
		return 0;
	text = mem_printf("Maximum number of messages %" PRId64 " reached, "
			  "current message count: %" PRId64,
			  m->max, m->count);
	*stop = message_new(MESSAGE_STOP, NAME, text);
	return 0;
}

static void max_message_reset(struct termination *t)
{
	((struct max_message *)t)->count = 0;
}

static void max_message_dump(const struct termination *t, struct json_writer *w)
{
	const struct max_message *m = (const struct max_message *)t;

	jw_object(w);
	jw_kint(w, "max_messages", m->max);
	jw_kbool(w, "include_agent_event", m->include_events);
	jw_end_object(w);
}

static void max_message_destroy(struct termination *t)
{
	mem_free(t);
}

static const struct termination_ops max_message_ops = {
	.provider = PROVIDER,
	.check = max_message_check,
	.reset = max_message_reset,
	.dump = max_message_dump,
	.destroy = max_message_destroy,
};

struct termination *max_message_create(int64_t max, bool include_events)
{
	struct max_message *m = mem_new(struct max_message);

	m->base.ops = &max_message_ops;
	m->base.refs = 1;
	m->max = max;
	m->include_events = include_events;
	return &m->base;
}

static void *max_message_load(struct component_ctx *ctx,
			      const struct json *config, int version)
{
	static const char *const keys[] = { "max_messages",
					    "include_agent_event", NULL };
	static const struct component_range range = { 0, INT64_MAX, 0 };

	component_known_keys(ctx, config, keys);
	if (json_is(json_get(config, "max_messages"), JSON_NULL))
		component_fault(ctx, "max_messages", "is missing");
	return max_message_create(
		component_int_range(ctx, config, "max_messages", &range),
		component_bool(ctx, config, "include_agent_event", false));
}

static void max_message_unref(void *object)
{
	termination_unref(object);
}

const struct component_class max_message_class = {
	.provider = PROVIDER,
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.load = max_message_load,
	.unref = max_message_unref,
};
