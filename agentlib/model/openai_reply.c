/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading answers leniently: services differ, and what can be understood is
 * not refused. Only what leaves no answer at all is an error.
 */
#include "agentlib/model/openai_reply.h"

#include "agentlib/core/llm_parts.h"
#include "agentlib/model/model_error.h"
#include "agentlib/model/reply.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

struct usage openai_reply_usage(const struct json *usage)
{
	struct usage u = { 0 };

	json_int(json_get(usage, "prompt_tokens"), &u.prompt_tokens);
	json_int(json_get(usage, "completion_tokens"), &u.completion_tokens);
	/* what is nonsense would keep a saved message from being read */
	if (u.prompt_tokens < 0)
		u.prompt_tokens = 0;
	if (u.completion_tokens < 0)
		u.completion_tokens = 0;
	return u;
}

enum finish_reason openai_reply_finish(const char *reason)
{
	static const struct {
		const char *name;
		enum finish_reason reason;
	} names[] = {
		{ "stop", FINISH_STOP },
		{ "end_turn", FINISH_STOP },
		{ "length", FINISH_LENGTH },
		{ "max_tokens", FINISH_LENGTH },
		{ "content_filter", FINISH_CONTENT_FILTER },
		{ "tool_calls", FINISH_FUNCTION_CALLS },
		{ "function_call", FINISH_FUNCTION_CALLS },
		{ "function_calls", FINISH_FUNCTION_CALLS },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_equal(names[i].name, reason))
			return names[i].reason;
	return FINISH_UNKNOWN;
}

static void read_call(const struct json *j, struct function_call *call)
{
	const struct json *function = json_get(j, "function");
	const struct json *arguments = json_get(function, "arguments");
	const char *id = json_string(json_get(j, "id"));
	const char *name = json_string(json_get(function, "name"));
	char made[STR_ID_SIZE];

	if (!id || !*id) {
		str_random_id(made);
		id = made;
	}
	call->id = mem_strdup(id);
	call->name = reply_name(name && *name ? name : "_");
	call->arguments = reply_arguments(arguments);
}

static int read_calls(const struct json *j, struct create_result *out,
		      struct err *err)
{
	size_t count = json_count(j);

	if (reply_check_calls(count, err) < 0)
		return -ERR_TOO_LARGE;
	if (!json_is(j, JSON_ARRAY) || count == 0)
		return 0;
	out->calls = mem_zero(count, sizeof(*out->calls));
	for (j = json_child(j); j; j = json_next(j))
		read_call(j, &out->calls[out->call_count++]);
	return 0;
}

static int read_message(const struct json *m, struct create_result *out,
			struct err *err)
{
	const char *text = json_string(json_get(m, "content"));
	const char *thought = json_string(json_get(m, "reasoning_content"));

	if (!text)
		text = json_string(json_get(m, "refusal"));
	if (!thought)
		thought = json_string(json_get(m, "reasoning"));
	if (json_is(json_get(m, "function_call"), JSON_OBJECT))
		return err_set(err, ERR_UNSUPPORTED,
			       "the model answers with the old function_call, "
			       "which is not supported");
	out->content = mem_strdup(text);
	if (thought && *thought)
		out->thought = mem_strdup(thought);
	return read_calls(json_get(m, "tool_calls"), out, err);
}

int openai_reply_read(const struct json *j, const struct model_info *info,
		      struct create_result *out, struct err *err)
{
	const struct json *choice = json_child(json_get(j, "choices"));
	const struct json *message = json_get(choice, "message");
	char words[300];
	int rc;

	memset(out, 0, sizeof(*out));
	if (!json_is(message, JSON_OBJECT)) {
		if (model_error_words(j, words, sizeof(words)))
			return err_set(err, ERR_UNAVAILABLE,
				       "the model service reports: %s", words);
		return err_set(err, ERR_UNAVAILABLE,
			       "the answer is JSON, but no chat completion: it "
			       "has no choices[0].message");
	}
	out->usage = openai_reply_usage(json_get(j, "usage"));
	out->finish = openai_reply_finish(
		json_string(json_get(choice, "finish_reason")));
	rc = read_message(message, out, err);
	if (rc < 0)
		return rc;
	reply_settle(info, out);
	return 0;
}
