/* SPDX-License-Identifier: Apache-2.0 */
/* Stops when a text is mentioned; see text_mention.h. */
#include "agentlib/team/text_mention.h"

#include "agentlib/core/termination.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <stdio.h>
#include <string.h>

#define NAME "TextMentionTermination"
#define PROVIDER "autogen_agentchat.conditions." NAME
#define TEXT_MAX (64 * 1024 * 1024)

struct text_mention {
	struct termination base; /* first */
	char *text;
	char **sources; /* NULL: everybody */
	size_t source_count;
};

static bool counts(const struct text_mention *m, const struct message *msg)
{
	if (!m->sources)
		return true;
	for (size_t i = 0; i < m->source_count; i++)
		if (str_equal(m->sources[i], msg->source))
			return true;
	return false;
}

static bool mentions(const struct message *msg, const char *text)
{
	struct buf b;
	bool found;

	buf_init(&b, TEXT_MAX);
	message_text(msg, &b);
	found = strstr(b.data, text) != NULL;
	buf_finish(&b);
	return found;
}

static int text_mention_check(struct termination *t,
			      struct message *const *delta, size_t count,
			      struct message **stop, struct err *err)
{
	const struct text_mention *m = (struct text_mention *)t;
	_auto_free_ char *text = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!counts(m, delta[i]) || !mentions(delta[i], m->text))
			continue;
		text = mem_printf("Text '%s' mentioned", m->text);
		*stop = message_new(MESSAGE_STOP, NAME, text);
		return 0;
	}
	return 0;
}

static void text_mention_dump(const struct termination *t,
			      struct json_writer *w)
{
	const struct text_mention *m = (const struct text_mention *)t;

	jw_object(w);
	jw_kstring(w, "text", m->text);
	if (m->sources) {
		jw_key(w, "sources");
		jw_array(w);
		for (size_t i = 0; i < m->source_count; i++)
			jw_string(w, m->sources[i]);
		jw_end_array(w);
	}
	jw_end_object(w);
}

static void text_mention_destroy(struct termination *t)
{
	struct text_mention *m = (struct text_mention *)t;

	for (size_t i = 0; i < m->source_count; i++)
		mem_free(m->sources[i]);
	mem_free(m->sources);
	mem_free(m->text);
	mem_free(m);
}

static const struct termination_ops text_mention_ops = {
	.provider = PROVIDER,
	.check = text_mention_check,
	.dump = text_mention_dump,
	.destroy = text_mention_destroy,
};

struct termination *text_mention_create(const char *text, char *const *sources,
					size_t count)
{
	struct text_mention *m = mem_new(struct text_mention);

	m->base.ops = &text_mention_ops;
	m->base.refs = 1;
	m->text = mem_strdup(text);
	if (!sources)
		return &m->base;
	m->sources = mem_zero(count + 1, sizeof(char *));
	m->source_count = count;
	for (size_t i = 0; i < count; i++)
		m->sources[i] = mem_strdup(sources[i]);
	return &m->base;
}

static void load_sources(struct component_ctx *ctx, const struct json *config,
			 struct text_mention *m)
{
	const struct json *list = component_array(ctx, config, "sources"), *e;
	size_t i = 0;
	char step[64];

	if (!list)
		return;
	m->sources = mem_zero(json_count(list) + 1, sizeof(char *));
	for (e = json_child(list); e; e = json_next(e), i++) {
		if (json_is(e, JSON_STRING)) {
			m->sources[m->source_count++] =
				mem_strdup(json_string(e));
			continue;
		}
		snprintf(step, sizeof(step), "sources/%zu", i);
		component_fault(ctx, step, "must be a string, not %s",
				json_type_name(json_type(e)));
	}
}

static void *text_mention_load(struct component_ctx *ctx,
			       const struct json *config, int version)
{
	static const char *const keys[] = { "text", "sources", NULL };
	const char *text = component_string(ctx, config, "text", NULL);
	struct termination *t;

	component_known_keys(ctx, config, keys);
	if (json_is(json_get(config, "text"), JSON_NULL))
		component_fault(ctx, "text", "is missing");
	t = text_mention_create(text ? text : "", NULL, 0);
	load_sources(ctx, config, (struct text_mention *)t);
	return t;
}

static void text_mention_unref(void *object)
{
	termination_unref(object);
}

const struct component_class text_mention_class = {
	.provider = PROVIDER,
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.load = text_mention_load,
	.unref = text_mention_unref,
};
