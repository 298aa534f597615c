/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that the turns of all agents share; see agent_turn.h. */
#include "agentlib/agent/agent_turn.h"

#include "agentlib/core/llm_parts.h"
#include "executor/base/buf.h"
#include "executor/base/mem.h"

#define TEXT_MAX (16 * 1024 * 1024)

int agent_turn_emit(const struct agent_turn *t, struct message *m,
		    struct err *err)
{
	int r;

	if (m->type != MESSAGE_CHUNK)
		message_list_add(&t->out->messages, m);
	r = sink_emit(t->in->sink, m, err);
	message_unref(m);
	return r;
}

void agent_turn_take(const struct agent_turn *t, struct model_context *c)
{
	for (size_t i = 0; i < t->in->count; i++) {
		struct message *m = t->in->messages[i];
		struct llm_message *l = message_to_llm(m);

		for (size_t k = 0; k < m->context_count; k++)
			model_context_add(c, m->context[k]);
		if (l)
			model_context_add(c, l);
		llm_unref(l);
	}
}

/* For a model that cannot see: the text of a message's parts. */
static struct llm_message *without_images(const struct llm_message *m)
{
	struct llm_message *copy = llm_new(m->role);
	struct buf text;

	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < m->part_count; i++) {
		if (i)
			buf_putc(&text, '\n');
		buf_puts(&text,
			 m->parts[i].text ? m->parts[i].text : "[image]");
	}
	copy->source = mem_strdup(m->source);
	copy->content = buf_take(&text);
	buf_finish(&text);
	return copy;
}

static void drop_images(struct llm_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct llm_message *m = l->items[i];

		if (!m->part_count)
			continue;
		l->items[i] = without_images(m);
		llm_unref(m);
	}
}

static int compose(const struct agent_question *q, struct llm_list *list,
		   struct err *err)
{
	int r;

	if (q->system) {
		struct llm_message *m = llm_text(LLM_SYSTEM, NULL, q->system);

		llm_list_add(list, m);
		llm_unref(m);
	}
	r = model_context_view(q->context, list, err);
	if (r < 0)
		return r;
	if (q->extra)
		llm_list_add(list, q->extra);
	if (!q->model->info.vision)
		drop_images(list);
	return 0;
}

struct chunks {
	const struct agent_turn *turn;
	const char *message_id;
};

static int on_chunk(void *arg, const char *text, size_t len, struct err *err)
{
	const struct chunks *c = arg;
	struct message *m = message_new(MESSAGE_CHUNK, c->turn->task->name,
					NULL);

	m->content = mem_strndup(text, len);
	m->full_message_id = mem_strdup(c->message_id);
	return agent_turn_emit(c->turn, m, err);
}

/* What an answer leaves behind besides itself. */
static int remember(const struct agent_turn *t, const struct agent_question *q,
		    const struct create_result *r, struct err *err)
{
	struct llm_message *m;

	m = llm_text(LLM_ASSISTANT, t->task->name, r->content);
	m->thought = mem_strdup(r->thought);
	model_context_add(q->context, m);
	llm_unref(m);
	if (!r->thought || !*r->thought)
		return 0;
	return agent_turn_emit(
		t, message_new(MESSAGE_THOUGHT, t->task->name, r->thought),
		err);
}

int agent_turn_ask(const struct agent_turn *t, const struct agent_question *q,
		   struct create_result *out, struct err *err)
{
	struct chunks chunks = { t, q->message_id };
	struct llm_list list = { 0 };
	struct create_result answer = { 0 };
	struct model_request req = {
		.stream = q->stream,
		.chunk = q->stream ? on_chunk : NULL,
		.arg = &chunks,
		.schema_json = q->schema_json,
		.schema_name = q->schema_name,
	};
	int r = compose(q, &list, err);

	req.messages = list.items;
	req.count = list.count;
	if (r == 0)
		r = model_create(q->model, &req, &answer, err);
	llm_list_finish(&list);
	if (r < 0)
		return r;
	if (!answer.content)
		r = err_set(err, ERR_UNSUPPORTED,
			    "the model of %s called a tool, but none was "
			    "offered",
			    t->task->name);
	else if (!q->silent)
		r = remember(t, q, &answer, err);
	if (r < 0)
		create_result_finish(&answer);
	else
		*out = answer;
	return r;
}
