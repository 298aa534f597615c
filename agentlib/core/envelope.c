/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of calls can be long: it is let go without recursion. */
#include "agentlib/core/envelope.h"

#include "agentlib/core/agent_table.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

struct envelope *envelope_create(struct runtime *rt, struct agent_cell *to,
				 struct payload *p)
{
	struct envelope *e = mem_new(struct envelope);

	e->refs = 1;
	e->turn.runtime = rt;
	e->turn.self = agent_cell_id(to);
	e->to = to;
	e->payload = payload_ref(p);
	wait_init(&e->settled, "calls back into an agent");
	return e;
}

struct envelope *envelope_ref(struct envelope *e)
{
	e->refs++;
	return e;
}

void envelope_unref(struct envelope *e)
{
	while (e && --e->refs == 0) {
		struct envelope *parent = e->parent;

		payload_unref(e->payload);
		post_unref(e->post);
		scope_unref(e->scope);
		mem_free(e->id);
		mem_free(e);
		e = parent;
	}
}

struct envelope *envelope_of(const struct turn *t)
{
	return (struct envelope *)(void *)t;
}

struct post *post_create(const struct topic_id *topic, const char *id)
{
	size_t a = strlen(topic->type) + 1, b = strlen(topic->source) + 1;
	struct post *p = mem_zero(1, sizeof(*p) + a + b);

	p->refs = 1;
	p->topic.type = memcpy(p->text, topic->type, a);
	p->topic.source = memcpy(p->text + a, topic->source, b);
	p->id = mem_strdup(id);
	return p;
}

struct post *post_ref(struct post *p)
{
	p->refs++;
	return p;
}

void post_unref(struct post *p)
{
	if (!p || --p->refs > 0)
		return;
	mem_free(p->id);
	mem_free(p);
}

const char *turn_message_id(const struct turn *t)
{
	struct envelope *e = envelope_of(t);
	char **id = e->post ? &e->post->id : &e->id;

	if (!*id) {
		*id = mem_zero(1, STR_UUID_SIZE);
		str_uuid4(*id);
	}
	return *id;
}
