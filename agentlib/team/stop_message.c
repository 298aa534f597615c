/* SPDX-License-Identifier: Apache-2.0 */
/* Stops when somebody sends a StopMessage; see stop_message.h. */
#include "agentlib/team/stop_message.h"

#include "agentlib/core/termination.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

#define NAME "StopMessageTermination"
#define PROVIDER "autogen_agentchat.conditions." NAME

static int stop_message_check(struct termination *t,
			      struct message *const *delta, size_t count,
			      struct message **stop, struct err *err)
{
	for (size_t i = 0; i < count && !*stop; i++)
		if (delta[i]->type == MESSAGE_STOP)
			*stop = message_new(MESSAGE_STOP, NAME,
					    "Stop message received");
	return 0;
}

static void stop_message_dump(const struct termination *t,
			      struct json_writer *w)
{
	jw_object(w);
	jw_end_object(w);
}

static void stop_message_destroy(struct termination *t)
{
	mem_free(t);
}

static const struct termination_ops stop_message_ops = {
	.provider = PROVIDER,
	.check = stop_message_check,
	.dump = stop_message_dump,
	.destroy = stop_message_destroy,
};

struct termination *stop_message_create(void)
{
	struct termination *t = mem_new(struct termination);

	t->ops = &stop_message_ops;
	t->refs = 1;
	return t;
}

static void *stop_message_load(struct component_ctx *ctx,
			       const struct json *config, int version)
{
	static const char *const keys[] = { NULL };

	component_known_keys(ctx, config, keys);
	return stop_message_create();
}

static void stop_message_unref(void *object)
{
	termination_unref(object);
}

const struct component_class stop_message_class = {
	.provider = PROVIDER,
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.load = stop_message_load,
	.unref = stop_message_unref,
};
