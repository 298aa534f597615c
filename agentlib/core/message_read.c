/* SPDX-License-Identifier: Apache-2.0 */
/* JSON to messages; members that are not known are passed over. */
#include "agentlib/core/field.h"
#include "agentlib/core/llm_parts.h"
#include "agentlib/core/message.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include <string.h>

static const struct field_range not_negative = { 0, INT64_MAX, 0 };
static const struct field_range small_int = { INT32_MIN, INT32_MAX, 0 };

static int read_id(const struct json *j, struct message *m, struct err *err)
{
	_auto_free_ char *id = NULL, *stamp = NULL;
	size_t len;

	if (field_string_or_null(j, "id", &id, err) < 0 ||
	    field_string_or_null(j, "created_at", &stamp, err) < 0)
		return -ERR_INVALID;
	if (id && !str_copy(m->id, sizeof(m->id), id)) {
		err_set(err, ERR_TOO_LARGE, "an id has at most %zu characters",
			sizeof(m->id) - 1);
		return err_field(err, "/id");
	}
	if (!stamp)
		return 0;
	/* Python writes the offset of UTC either way. */
	len = strlen(stamp);
	if (str_ends(stamp, "+00:00")) {
		stamp[len - 6] = 'Z';
		stamp[len - 5] = '\0';
	}
	if (str_copy(m->created_at, sizeof(m->created_at), stamp))
		return 0;
	err_set(err, ERR_INVALID, "\"%.60s\" is not a time", stamp);
	return err_field(err, "/created_at");
}

static int read_usage(const struct json *j, struct message *m, struct err *err)
{
	const struct json *u = json_get(j, "models_usage");
	int r;

	if (json_is(u, JSON_NULL))
		return 0;
	r = field_object(u, "the usage", err);
	if (r == 0)
		r = field_int(u, "prompt_tokens", &not_negative,
			      &m->usage.prompt_tokens, err);
	if (r == 0)
		r = field_int(u, "completion_tokens", &not_negative,
			      &m->usage.completion_tokens, err);
	m->has_usage = r == 0;
	return r < 0 ? field_below(err, "models_usage") : 0;
}

static int read_metadata(const struct json *j, struct message *m,
			 struct err *err)
{
	const struct json *all = json_get(j, "metadata"), *e;
	size_t n = json_count(all);

	if (json_is(all, JSON_NULL) || (json_is(all, JSON_OBJECT) && !n))
		return 0;
	if (field_object(all, "the metadata", err) < 0)
		return field_below(err, "metadata");
	m->metadata = mem_zero(n, sizeof(*m->metadata));
	for (e = json_child(all); e; e = json_next(e)) {
		struct message_meta *meta = &m->metadata[m->metadata_count++];

		meta->key = mem_strdup(json_key(e));
		if (field_string(all, json_key(e), &meta->value, err) < 0)
			return field_below(err, "metadata");
	}
	return 0;
}

static int read_handoff(const struct json *j, struct message *m,
			struct err *err)
{
	const struct json *list, *e;

	if (field_string(j, "content", &m->content, err) < 0 ||
	    field_string(j, "target", &m->target, err) < 0 ||
	    field_array(j, "context", &list, err) < 0)
		return -ERR_INVALID;
	if (!json_count(list))
		return 0;
	m->context = mem_zero(json_count(list), sizeof(*m->context));
	for (e = json_child(list); e; e = json_next(e)) {
		m->context[m->context_count] = llm_read(e, err);
		if (!m->context[m->context_count])
			return field_below_item(err, "context",
						m->context_count);
		m->context_count++;
	}
	return 0;
}

static int read_calls(const struct json *j, const char *key, struct message *m,
		      struct err *err)
{
	const struct json *list;

	if (field_array(j, key, &list, err) < 0)
		return -ERR_INVALID;
	if (function_calls_read(list, &m->calls, &m->call_count, err) < 0)
		return field_below(err, key);
	return 0;
}

static int read_results(const struct json *j, const char *key,
			struct message *m, struct err *err)
{
	const struct json *list;

	if (field_array(j, key, &list, err) < 0)
		return -ERR_INVALID;
	if (function_results_read(list, &m->results, &m->result_count, err) < 0)
		return field_below(err, key);
	return 0;
}

static int read_summary(const struct json *j, struct message *m,
			struct err *err)
{
	int r = field_string(j, "content", &m->content, err);

	if (r == 0)
		r = read_calls(j, "tool_calls", m, err);
	return r == 0 ? read_results(j, "results", m, err) : r;
}

static int read_attempt(const struct json *j, struct message *m,
			struct err *err)
{
	int64_t v;

	if (field_int(j, "retry_attempt", &small_int, &v, err) < 0)
		return -ERR_INVALID;
	m->retry_attempt = (int)v;
	return 0;
}

static int read_generation(const struct json *j, struct message *m,
			   struct err *err)
{
	const struct json *list, *e;

	if (read_attempt(j, m, err) < 0 ||
	    field_string(j, "content", &m->content, err) < 0 ||
	    field_array(j, "code_blocks", &list, err) < 0)
		return -ERR_INVALID;
	if (!json_count(list))
		return 0;
	m->blocks = mem_zero(json_count(list), sizeof(*m->blocks));
	for (e = json_child(list); e; e = json_next(e)) {
		struct code_block *b = &m->blocks[m->block_count++];

		if (field_object(e, "a code block", err) < 0 ||
		    field_string(e, "code", &b->code, err) < 0 ||
		    field_string(e, "language", &b->language, err) < 0)
			return field_below_item(err, "code_blocks",
						m->block_count - 1);
	}
	return 0;
}

static int read_files(const struct json *j, struct message *m, struct err *err)
{
	const struct json *list, *e;
	int64_t size;

	if (field_array(j, "files", &list, err) < 0)
		return -ERR_INVALID;
	if (!json_count(list))
		return 0;
	m->files = mem_zero(json_count(list), sizeof(*m->files));
	for (e = json_child(list); e; e = json_next(e)) {
		struct code_file *f = &m->files[m->file_count++];

		if (field_object(e, "a file", err) < 0 ||
		    field_string(e, "path", &f->path, err) < 0 ||
		    field_int(e, "size", &not_negative, &size, err) < 0)
			return field_below_item(err, "files",
						m->file_count - 1);
		f->size = (uint64_t)size;
	}
	return 0;
}

static int read_execution(const struct json *j, struct message *m,
			  struct err *err)
{
	const struct json *result = json_get(j, "result");
	int64_t code;

	if (read_attempt(j, m, err) < 0)
		return -ERR_INVALID;
	if (field_object(result, "the result", err) < 0 ||
	    field_int(result, "exit_code", &small_int, &code, err) < 0 ||
	    field_string(result, "output", &m->output, err) < 0)
		return field_below(err, "result");
	m->exit_code = (int)code;
	return read_files(j, m, err);
}

static int read_names(const struct json *j, struct message *m, struct err *err)
{
	const struct json *list, *e;

	if (field_array(j, "content", &list, err) < 0)
		return -ERR_INVALID;
	if (!json_count(list))
		return 0;
	m->names = mem_zero(json_count(list), sizeof(*m->names));
	for (e = json_child(list); e; e = json_next(e)) {
		if (!json_is(e, JSON_STRING)) {
			err_set(err, ERR_INVALID, "a name must be a string");
			return field_below_item(err, "content", m->name_count);
		}
		m->names[m->name_count++] = mem_strdup(json_string(e));
	}
	return 0;
}

static int read_members(const struct json *j, struct message *m,
			struct err *err)
{
	int r;

	switch (m->type) {
	case MESSAGE_HANDOFF:
		return read_handoff(j, m, err);
	case MESSAGE_TOOL_SUMMARY:
		return read_summary(j, m, err);
	case MESSAGE_TOOL_REQUEST:
		return read_calls(j, "content", m, err);
	case MESSAGE_TOOL_EXECUTION:
		return read_results(j, "content", m, err);
	case MESSAGE_CODE_GENERATION:
		return read_generation(j, m, err);
	case MESSAGE_CODE_EXECUTION:
		return read_execution(j, m, err);
	case MESSAGE_SELECT_SPEAKER:
		return read_names(j, m, err);
	case MESSAGE_USER_INPUT:
		return field_string(j, "request_id", &m->request_id, err);
	case MESSAGE_CHUNK:
		r = field_string_or_null(j, "full_message_id",
					 &m->full_message_id, err);
		return r < 0 ? r : field_string(j, "content", &m->content, err);
	default:
		return field_string(j, "content", &m->content, err);
	}
}

static int find_type(const struct json *j, enum message_type *out,
		     struct err *err)
{
	const char *name = json_string(json_get(j, "type"));

	for (int t = 0; t < MESSAGE_TYPE_COUNT; t++) {
		if (str_equal(message_type_name((enum message_type)t), name)) {
			*out = (enum message_type)t;
			return 0;
		}
	}
	err_set(err, ERR_UNKNOWN, "Unknown message type: %.100s",
		name ? name : "(none)");
	return err_field(err, "/type");
}

struct message *message_read(const struct json *j, struct err *err)
{
	enum message_type type = MESSAGE_TEXT;
	struct message *m;
	int r = field_object(j, "a message", err);

	if (r < 0 || find_type(j, &type, err) < 0)
		return NULL;
	m = message_new(type, NULL, NULL);
	r = field_string(j, "source", &m->source, err);
	if (r == 0)
		r = read_id(j, m, err);
	if (r == 0)
		r = read_usage(j, m, err);
	if (r == 0)
		r = read_metadata(j, m, err);
	if (r == 0)
		r = read_members(j, m, err);
	if (r == 0)
		return m;
	message_unref(m);
	return NULL;
}
