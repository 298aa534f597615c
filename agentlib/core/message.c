/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chat messages and events as counted objects, their text, and what a model is
 * given of them. JSON is in message_write.c and message_read.c.
 */
#include "agentlib/core/message.h"

#include "agentlib/core/llm_parts.h"
#include "agentlib/core/repr.h"
#include "executor/base/buf.h"
#include "executor/base/mem.h"

static const struct {
	const char *name;
	bool chat;
} types[] = {
#define MESSAGE_ROW(sym, text, is_chat) [sym] = { text, is_chat },
	MESSAGE_TABLE(MESSAGE_ROW)
};

const char *message_type_name(enum message_type t)
{
	return types[t].name;
}

bool message_is_chat(enum message_type t)
{
	return types[t].chat;
}

struct message *message_new(enum message_type type, const char *source,
			    const char *content)
{
	struct message *m = mem_new(struct message);

	m->refs = 1;
	m->type = type;
	m->source = mem_strdup(source);
	m->content = mem_strdup(content);
	str_uuid4(m->id);
	clock_stamp(m->created_at);
	return m;
}

struct message *message_ref(struct message *m)
{
	if (m)
		m->refs++;
	return m;
}

static void metadata_free(struct message *m)
{
	for (size_t i = 0; i < m->metadata_count; i++) {
		mem_free(m->metadata[i].key);
		mem_free(m->metadata[i].value);
	}
	mem_free(m->metadata);
}

static void code_free(struct message *m)
{
	for (size_t i = 0; i < m->block_count; i++) {
		mem_free(m->blocks[i].code);
		mem_free(m->blocks[i].language);
	}
	mem_free(m->blocks);
	for (size_t i = 0; i < m->file_count; i++)
		mem_free(m->files[i].path);
	mem_free(m->files);
	mem_free(m->output);
}

static void lists_free(struct message *m)
{
	for (size_t i = 0; i < m->context_count; i++)
		llm_unref(m->context[i]);
	mem_free(m->context);
	for (size_t i = 0; i < m->name_count; i++)
		mem_free(m->names[i]);
	mem_free(m->names);
	function_calls_free(m->calls, m->call_count);
	function_results_free(m->results, m->result_count);
}

void message_unref(struct message *m)
{
	if (!m || --m->refs > 0)
		return;
	metadata_free(m);
	code_free(m);
	lists_free(m);
	mem_free(m->source);
	mem_free(m->content);
	mem_free(m->target);
	mem_free(m->request_id);
	mem_free(m->full_message_id);
	mem_free(m);
}

void message_text(const struct message *m, struct buf *out)
{
	switch (m->type) {
	case MESSAGE_TOOL_REQUEST:
		repr_calls(out, m->calls, m->call_count);
		return;
	case MESSAGE_TOOL_EXECUTION:
		repr_results(out, m->results, m->result_count);
		return;
	case MESSAGE_CODE_EXECUTION:
		buf_puts(out, m->output ? m->output : "");
		return;
	case MESSAGE_SELECT_SPEAKER:
		repr_strings(out, m->names, m->name_count);
		return;
	default:
		buf_puts(out, m->content ? m->content : "");
	}
}

struct llm_message *message_to_llm(const struct message *m)
{
	if (!message_is_chat(m->type))
		return NULL;
	return llm_text(LLM_USER, m->source, m->content ? m->content : "");
}

void message_list_add(struct message_list *l, struct message *m)
{
	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 16;
		l->items = mem_resize(l->items, l->cap, sizeof(*l->items));
	}
	l->items[l->count++] = message_ref(m);
}

void message_list_finish(struct message_list *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		message_unref(l->items[i]);
	mem_free(l->items);
	*l = (struct message_list){ 0 };
}
