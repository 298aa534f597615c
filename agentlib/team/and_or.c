/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of conditions; see and_or.h. */
#include "agentlib/team/and_or.h"

#include "agentlib/core/termination.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <stdio.h>

#define AND_PROVIDER "autogen_agentchat.base.AndTerminationCondition"
#define OR_PROVIDER "autogen_agentchat.base.OrTerminationCondition"
#define TEXT_MAX (1024 * 1024)

struct and_or {
	struct termination base; /* first */
	struct termination **parts;
	size_t count;
	struct message_list fired; /* stop messages so far, in that order */
};

/* One StopMessage out of those that fired. */
static struct message *join(const struct message_list *l)
{
	struct buf content, source;
	struct message *m;

	buf_init(&content, TEXT_MAX);
	buf_init(&source, TEXT_MAX);
	for (size_t i = 0; i < l->count; i++) {
		if (i) {
			buf_puts(&content, ", ");
			buf_puts(&source, ", ");
		}
		buf_puts(&content, l->items[i]->content);
		buf_puts(&source, l->items[i]->source);
	}
	m = message_new(MESSAGE_STOP, source.data, content.data);
	buf_finish(&content);
	buf_finish(&source);
	return m;
}

/* Asks those that have not fired yet; how many are left, or negative. */
static int ask_parts(struct and_or *a, struct message *const *delta,
		     size_t count, struct err *err)
{
	int left = 0;

	for (size_t i = 0; i < a->count; i++) {
		struct message *stop = NULL;
		int r;

		if (a->parts[i]->terminated)
			continue;
		r = termination_check(a->parts[i], delta, count, &stop, err);
		if (r < 0)
			return r;
		if (stop)
			message_list_add(&a->fired, stop);
		else
			left++;
		message_unref(stop);
	}
	return left;
}

static int and_check(struct termination *t, struct message *const *delta,
		     size_t count, struct message **stop, struct err *err)
{
	struct and_or *a = (struct and_or *)t;
	int left = ask_parts(a, delta, count, err);

	if (left == 0)
		*stop = join(&a->fired);
	return left < 0 ? left : 0;
}

static int or_check(struct termination *t, struct message *const *delta,
		    size_t count, struct message **stop, struct err *err)
{
	struct and_or *a = (struct and_or *)t;
	int left = ask_parts(a, delta, count, err);

	if (left >= 0 && a->fired.count > 0)
		*stop = join(&a->fired);
	return left < 0 ? left : 0;
}

static void and_or_reset(struct termination *t)
{
	struct and_or *a = (struct and_or *)t;

	for (size_t i = 0; i < a->count; i++)
		termination_reset(a->parts[i]);
	message_list_finish(&a->fired);
}

static void and_or_dump(const struct termination *t, struct json_writer *w)
{
	const struct and_or *a = (const struct and_or *)t;

	jw_object(w);
	jw_key(w, "conditions");
	jw_array(w);
	for (size_t i = 0; i < a->count; i++)
		component_dump(COMPONENT_TERMINATION, a->parts[i], w);
	jw_end_array(w);
	jw_end_object(w);
}

static void and_or_destroy(struct termination *t)
{
	struct and_or *a = (struct and_or *)t;

	for (size_t i = 0; i < a->count; i++)
		termination_unref(a->parts[i]);
	mem_free(a->parts);
	message_list_finish(&a->fired);
	mem_free(a);
}

static const struct termination_ops and_ops = {
	.provider = AND_PROVIDER,
	.check = and_check,
	.reset = and_or_reset,
	.dump = and_or_dump,
	.destroy = and_or_destroy,
};

static const struct termination_ops or_ops = {
	.provider = OR_PROVIDER,
	.check = or_check,
	.reset = and_or_reset,
	.dump = and_or_dump,
	.destroy = and_or_destroy,
};

static struct termination *create(const struct termination_ops *ops,
				  struct termination *const *parts,
				  size_t count)
{
	struct and_or *a = mem_new(struct and_or);

	a->base.ops = ops;
	a->base.refs = 1;
	a->count = count;
	a->parts = mem_zero(count + 1, sizeof(struct termination *));
	for (size_t i = 0; i < count; i++)
		a->parts[i] = termination_ref(parts[i]);
	return &a->base;
}

struct termination *and_create(struct termination *const *parts, size_t count)
{
	return create(&and_ops, parts, count);
}

struct termination *or_create(struct termination *const *parts, size_t count)
{
	return create(&or_ops, parts, count);
}

static void *load(struct component_ctx *ctx, const struct json *config,
		  const struct termination_ops *ops)
{
	static const char *const keys[] = { "conditions", NULL };
	const struct json *list = component_array(ctx, config, "conditions");
	struct and_or *a;
	const struct json *e;
	size_t i = 0;
	char step[64];

	component_known_keys(ctx, config, keys);
	if (!json_count(list) &&
	    (list || json_is(json_get(config, "conditions"), JSON_NULL)))
		component_fault(ctx, "conditions",
				"must hold at least one condition");
	a = (struct and_or *)create(ops, NULL, 0);
	mem_free(a->parts);
	a->parts = mem_zero(json_count(list) + 1, sizeof(*a->parts));
	for (e = json_child(list); e; e = json_next(e), i++) {
		struct termination *t;

		snprintf(step, sizeof(step), "conditions/%zu", i);
		t = component_load(ctx, e, step, COMPONENT_TERMINATION);
		if (t)
			a->parts[a->count++] = t;
	}
	return a;
}

static void *and_load(struct component_ctx *ctx, const struct json *config,
		      int version)
{
	return load(ctx, config, &and_ops);
}

static void *or_load(struct component_ctx *ctx, const struct json *config,
		     int version)
{
	return load(ctx, config, &or_ops);
}

static void and_or_unref(void *object)
{
	termination_unref(object);
}

const struct component_class and_class = {
	.provider = AND_PROVIDER,
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.load = and_load,
	.unref = and_or_unref,
};

const struct component_class or_class = {
	.provider = OR_PROVIDER,
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.load = or_load,
	.unref = and_or_unref,
};
