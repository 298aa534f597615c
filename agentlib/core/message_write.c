/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages to JSON, without a tree (a tree costs 5 µs a message). The order of
 * members is that of AutoGen's model_dump_json(), so logs can be compared as
 * text.
 */
#include "agentlib/core/llm_parts.h"
#include "agentlib/core/message.h"
#include "executor/base/json_writer.h"

static void write_head(const struct message *m, struct json_writer *w)
{
	jw_kstring(w, "id", m->id);
	jw_kstring(w, "source", m->source);
	jw_key(w, "models_usage");
	if (m->has_usage) {
		jw_object(w);
		jw_kint(w, "prompt_tokens", m->usage.prompt_tokens);
		jw_kint(w, "completion_tokens", m->usage.completion_tokens);
		jw_end_object(w);
	} else {
		jw_null(w);
	}
	jw_key(w, "metadata");
	jw_object(w);
	for (size_t i = 0; i < m->metadata_count; i++)
		jw_kstring(w, m->metadata[i].key, m->metadata[i].value);
	jw_end_object(w);
	jw_kstring(w, "created_at", m->created_at);
}

static void write_text(const struct message *m, struct json_writer *w)
{
	jw_kstring(w, "content", m->content ? m->content : "");
}

static void write_handoff(const struct message *m, struct json_writer *w)
{
	write_text(m, w);
	jw_kstring(w, "target", m->target);
	jw_key(w, "context");
	jw_array(w);
	for (size_t i = 0; i < m->context_count; i++)
		llm_write(m->context[i], w);
	jw_end_array(w);
}

static void write_generation(const struct message *m, struct json_writer *w)
{
	jw_kint(w, "retry_attempt", m->retry_attempt);
	write_text(m, w);
	jw_key(w, "code_blocks");
	jw_array(w);
	for (size_t i = 0; i < m->block_count; i++) {
		jw_object(w);
		jw_kstring(w, "code", m->blocks[i].code);
		jw_kstring(w, "language", m->blocks[i].language);
		jw_end_object(w);
	}
	jw_end_array(w);
}

static void write_execution(const struct message *m, struct json_writer *w)
{
	jw_kint(w, "retry_attempt", m->retry_attempt);
	jw_key(w, "result");
	jw_object(w);
	jw_kint(w, "exit_code", m->exit_code);
	jw_kstring(w, "output", m->output ? m->output : "");
	jw_end_object(w);
}

/* A member of ours, after AutoGen's, and only when there is something to say:
 * AutoGen's reader passes over it. */
static void write_files(const struct message *m, struct json_writer *w)
{
	if (!m->file_count)
		return;
	jw_key(w, "files");
	jw_array(w);
	for (size_t i = 0; i < m->file_count; i++) {
		jw_object(w);
		jw_kstring(w, "path", m->files[i].path);
		jw_kuint(w, "size", m->files[i].size);
		jw_end_object(w);
	}
	jw_end_array(w);
}

static void write_members(const struct message *m, struct json_writer *w)
{
	switch (m->type) {
	case MESSAGE_HANDOFF:
		write_handoff(m, w);
		return;
	case MESSAGE_TOOL_REQUEST:
		jw_key(w, "content");
		function_calls_write(m->calls, m->call_count, w);
		return;
	case MESSAGE_TOOL_EXECUTION:
		jw_key(w, "content");
		function_results_write(m->results, m->result_count, w);
		return;
	case MESSAGE_CODE_GENERATION:
		write_generation(m, w);
		return;
	case MESSAGE_CODE_EXECUTION:
		write_execution(m, w);
		return;
	case MESSAGE_USER_INPUT:
		jw_kstring(w, "request_id", m->request_id);
		write_text(m, w);
		return;
	case MESSAGE_CHUNK:
		write_text(m, w);
		jw_kstring(w, "full_message_id", m->full_message_id);
		return;
	case MESSAGE_SELECT_SPEAKER:
		jw_key(w, "content");
		jw_array(w);
		for (size_t i = 0; i < m->name_count; i++)
			jw_string(w, m->names[i]);
		jw_end_array(w);
		return;
	default:
		write_text(m, w);
	}
}

void message_write(const struct message *m, struct json_writer *w)
{
	jw_object(w);
	write_head(m, w);
	write_members(m, w);
	jw_kstring(w, "type", message_type_name(m->type));
	if (m->type == MESSAGE_TOOL_SUMMARY) {
		jw_key(w, "tool_calls");
		function_calls_write(m->calls, m->call_count, w);
		jw_key(w, "results");
		function_results_write(m->results, m->result_count, w);
	}
	write_files(m, w);
	jw_end_object(w);
}
