/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON of LLM messages, in the member order of AutoGen's dumps, so that
 * saved contexts can be compared as text.
 */
#include "agentlib/core/field.h"
#include "agentlib/core/llm.h"
#include "agentlib/core/llm_parts.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stdio.h>

static const char *const role_names[] = {
	[LLM_SYSTEM] = "SystemMessage",
	[LLM_USER] = "UserMessage",
	[LLM_ASSISTANT] = "AssistantMessage",
	[LLM_FUNCTION_RESULT] = "FunctionExecutionResultMessage",
};

void function_calls_write(const struct function_call *calls, size_t count,
			  struct json_writer *w)
{
	jw_array(w);
	for (size_t i = 0; i < count; i++) {
		jw_object(w);
		jw_kstring(w, "id", calls[i].id);
		jw_kstring(w, "arguments", calls[i].arguments);
		jw_kstring(w, "name", calls[i].name);
		jw_end_object(w);
	}
	jw_end_array(w);
}

void function_results_write(const struct function_result *results, size_t count,
			    struct json_writer *w)
{
	jw_array(w);
	for (size_t i = 0; i < count; i++) {
		jw_object(w);
		jw_kstring(w, "content", results[i].content);
		jw_kstring(w, "name", results[i].name);
		jw_kstring(w, "call_id", results[i].call_id);
		jw_kbool(w, "is_error", results[i].is_error);
		jw_end_object(w);
	}
	jw_end_array(w);
}

static void parts_write(const struct llm_message *m, struct json_writer *w)
{
	jw_array(w);
	for (size_t i = 0; i < m->part_count; i++) {
		if (m->parts[i].text) {
			jw_string(w, m->parts[i].text);
			continue;
		}
		jw_object(w);
		jw_kstring(w, "data", m->parts[i].image_base64);
		jw_end_object(w);
	}
	jw_end_array(w);
}

static void content_write(const struct llm_message *m, struct json_writer *w)
{
	if (m->role == LLM_FUNCTION_RESULT)
		function_results_write(m->results, m->result_count, w);
	else if (m->call_count)
		function_calls_write(m->calls, m->call_count, w);
	else if (m->part_count)
		parts_write(m, w);
	else
		jw_string(w, m->content ? m->content : "");
}

void llm_write(const struct llm_message *m, struct json_writer *w)
{
	jw_object(w);
	jw_key(w, "content");
	content_write(m, w);
	if (m->role == LLM_ASSISTANT)
		jw_kstring(w, "thought", m->thought);
	if (m->role == LLM_USER || m->role == LLM_ASSISTANT)
		jw_kstring(w, "source", m->source ? m->source : "");
	jw_kstring(w, "type", role_names[m->role]);
	jw_end_object(w);
}

static int call_read(const struct json *j, struct function_call *out,
		     struct err *err)
{
	int r = field_object(j, "a function call", err);

	if (r == 0)
		r = field_string(j, "id", &out->id, err);
	if (r == 0)
		r = field_string(j, "arguments", &out->arguments, err);
	if (r == 0)
		r = field_string(j, "name", &out->name, err);
	return r;
}

static int result_read(const struct json *j, struct function_result *out,
		       struct err *err)
{
	int r = field_object(j, "a function result", err);

	if (r == 0)
		r = field_string(j, "content", &out->content, err);
	if (r == 0)
		r = field_string(j, "name", &out->name, err);
	if (r == 0)
		r = field_string(j, "call_id", &out->call_id, err);
	out->is_error = json_bool(json_get(j, "is_error"), false);
	return r;
}

/* Puts "/INDEX" before what the reader of one element said. */
static int at_index(struct err *err, size_t index)
{
	char step[24];

	snprintf(step, sizeof(step), "%zu", index);
	return field_below(err, step);
}

int function_calls_read(const struct json *j, struct function_call **out,
			size_t *count, struct err *err)
{
	size_t n = json_count(j), i = 0;
	struct function_call *calls = n ? mem_zero(n, sizeof(*calls)) : NULL;
	const struct json *e = json_child(j);

	for (; e; e = json_next(e), i++) {
		if (call_read(e, &calls[i], err) < 0) {
			function_calls_free(calls, n);
			return at_index(err, i);
		}
	}
	*out = calls;
	*count = n;
	return 0;
}

int function_results_read(const struct json *j, struct function_result **out,
			  size_t *count, struct err *err)
{
	size_t n = json_count(j), i = 0;
	struct function_result *results = n ? mem_zero(n, sizeof(*results))
					    : NULL;
	const struct json *e = json_child(j);

	for (; e; e = json_next(e), i++) {
		if (result_read(e, &results[i], err) < 0) {
			function_results_free(results, n);
			return at_index(err, i);
		}
	}
	*out = results;
	*count = n;
	return 0;
}

static int parts_read(const struct json *j, struct llm_message *m,
		      struct err *err)
{
	const struct json *e = json_child(j);
	size_t i = 0;

	m->part_count = json_count(j);
	m->parts = m->part_count ? mem_zero(m->part_count, sizeof(*m->parts))
				 : NULL;
	for (; e; e = json_next(e), i++) {
		const char *data = json_string(json_get(e, "data"));

		if (json_is(e, JSON_STRING)) {
			m->parts[i].text = mem_strdup(json_string(e));
		} else if (data) {
			m->parts[i].image_base64 = mem_strdup(data);
		} else {
			err_set(err, ERR_INVALID,
				"a part must be a string or {\"data\": base64}");
			return at_index(err, i);
		}
	}
	return 0;
}

/* Content of a user or assistant message: text, or a list of pieces. */
static int content_read(const struct json *j, struct llm_message *m,
			struct err *err)
{
	const struct json *c = json_get(j, "content");
	int r;

	if (m->role == LLM_SYSTEM || !json_is(c, JSON_ARRAY))
		return field_string(j, "content", &m->content, err);
	if (m->role == LLM_USER)
		r = parts_read(c, m, err);
	else
		r = function_calls_read(c, &m->calls, &m->call_count, err);
	return r < 0 ? field_below(err, "content") : 0;
}

static int members_read(const struct json *j, struct llm_message *m,
			struct err *err)
{
	const struct json *list;
	int r;

	if (m->role == LLM_FUNCTION_RESULT) {
		r = field_array(j, "content", &list, err);
		if (r < 0)
			return r;
		r = function_results_read(list, &m->results, &m->result_count,
					  err);
		return r < 0 ? field_below(err, "content") : 0;
	}
	r = content_read(j, m, err);
	if (r == 0 && m->role != LLM_SYSTEM)
		r = field_string(j, "source", &m->source, err);
	if (r == 0 && m->role == LLM_ASSISTANT)
		r = field_string_or_null(j, "thought", &m->thought, err);
	return r;
}

struct llm_message *llm_read(const struct json *j, struct err *err)
{
	const char *type = json_string(json_get(j, "type"));
	struct llm_message *m;
	size_t role = 0;

	if (field_object(j, "a model message", err) < 0)
		return NULL;
	while (role < ARRAY_LEN(role_names) &&
	       !str_equal(role_names[role], type))
		role++;
	if (role == ARRAY_LEN(role_names)) {
		err_set(err, ERR_UNKNOWN, "%s is no type of a model message",
			type ? type : "(none)");
		err_field(err, "/type");
		return NULL;
	}
	m = llm_new((enum llm_role)role);
	if (members_read(j, m, err) < 0) {
		llm_unref(m);
		return NULL;
	}
	return m;
}
