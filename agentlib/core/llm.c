/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LLM messages as counted objects, and what a model answered. Their JSON is in
 * llm_json.c.
 */
#include "agentlib/core/llm.h"

#include "agentlib/core/llm_parts.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

struct llm_message *llm_new(enum llm_role role)
{
	struct llm_message *m = mem_new(struct llm_message);

	m->refs = 1;
	m->role = role;
	return m;
}

struct llm_message *llm_text(enum llm_role role, const char *source,
			     const char *content)
{
	struct llm_message *m = llm_new(role);

	m->source = mem_strdup(source);
	m->content = mem_strdup(content);
	return m;
}

struct llm_message *llm_ref(struct llm_message *m)
{
	if (m)
		m->refs++;
	return m;
}

static void parts_free(struct llm_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(parts[i].text);
		mem_free(parts[i].image_base64);
	}
	mem_free(parts);
}

void llm_unref(struct llm_message *m)
{
	if (!m || --m->refs > 0)
		return;
	mem_free(m->source);
	mem_free(m->content);
	mem_free(m->thought);
	parts_free(m->parts, m->part_count);
	function_calls_free(m->calls, m->call_count);
	function_results_free(m->results, m->result_count);
	mem_free(m);
}

void function_calls_free(struct function_call *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(calls[i].id);
		mem_free(calls[i].arguments);
		mem_free(calls[i].name);
	}
	mem_free(calls);
}

void function_results_free(struct function_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(results[i].content);
		mem_free(results[i].name);
		mem_free(results[i].call_id);
	}
	mem_free(results);
}

struct function_call *function_calls_copy(const struct function_call *calls,
					  size_t count)
{
	struct function_call *copy;

	if (!count)
		return NULL;
	copy = mem_zero(count, sizeof(*copy));
	for (size_t i = 0; i < count; i++) {
		copy[i].id = mem_strdup(calls[i].id);
		copy[i].arguments = mem_strdup(calls[i].arguments);
		copy[i].name = mem_strdup(calls[i].name);
	}
	return copy;
}

static const struct {
	enum finish_reason reason;
	const char *name;
} finish_names[] = {
	{ FINISH_STOP, "stop" },
	{ FINISH_LENGTH, "length" },
	{ FINISH_FUNCTION_CALLS, "function_calls" },
	{ FINISH_CONTENT_FILTER, "content_filter" },
	{ FINISH_UNKNOWN, "unknown" },
};

const char *finish_name(enum finish_reason r)
{
	for (size_t i = 0; i < ARRAY_LEN(finish_names); i++)
		if (finish_names[i].reason == r)
			return finish_names[i].name;
	return "unknown";
}

enum finish_reason finish_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(finish_names); i++)
		if (str_equal(finish_names[i].name, name))
			return finish_names[i].reason;
	return FINISH_UNKNOWN;
}

void create_result_finish(struct create_result *r)
{
	if (!r)
		return;
	mem_free(r->content);
	mem_free(r->thought);
	function_calls_free(r->calls, r->call_count);
	*r = (struct create_result){ 0 };
}
