/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leniently: services differ in where they put what. Some never send [DONE],
 * some send calls whole, without an index, or usage with every event.
 */
#include "agentlib/model/openai_stream.h"

#include "agentlib/model/model_error.h"
#include "agentlib/model/openai_reply.h"
#include "agentlib/model/vendor_stream.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

/*
 * Where a piece of a call belongs. Some services send calls whole with no index,
 * or with 0 for each of several: then a name under a new id begins a new one.
 */
static int64_t place(const struct vendor_stream *s, const struct json *j,
		     int64_t position)
{
	const char *id = json_string(json_get(j, "id"));
	const char *name =
		json_string(json_get(json_get(j, "function"), "name"));
	int64_t index = position, free = 0;

	json_int(json_get(j, "index"), &index);
	for (size_t i = 0; i < s->call_count; i++) {
		const struct vendor_stream_call *c = &s->calls[i];

		if (c->index >= free && c->index < INT64_MAX)
			free = c->index + 1;
	}
	for (size_t i = 0; i < s->call_count; i++) {
		const struct vendor_stream_call *c = &s->calls[i];

		if (c->index == index && c->id && id && *id && name && *name &&
		    !str_equal(c->id, id))
			return free;
	}
	return index;
}

static int add_call(struct vendor_stream *s, const struct json *j,
		    int64_t position, struct err *err)
{
	const struct json *function = json_get(j, "function");
	const char *id = json_string(json_get(j, "id"));
	const char *name = json_string(json_get(function, "name"));
	struct vendor_stream_call *c;

	c = vendor_stream_call(s, place(s, j, position), err);
	if (!c)
		return -ERR_TOO_LARGE;
	vendor_stream_call_is(c, id, name);
	return vendor_stream_arguments(c, json_get(function, "arguments"), err);
}

static int add_calls(struct vendor_stream *s, const struct json *calls,
		     struct err *err)
{
	int64_t position = 0;
	int rc = 0;

	for (const struct json *j = json_child(calls); j && rc == 0;
	     j = json_next(j))
		rc = add_call(s, j, position++, err);
	return rc;
}

/* ---- events ---- */

static int add_choice(struct vendor_stream *s, const struct json *choice,
		      struct err *err)
{
	const struct json *delta = json_get(choice, "delta");
	const char *reason = json_string(json_get(choice, "finish_reason"));
	const char *thought = json_string(json_get(delta, "reasoning_content"));
	const char *text = json_string(json_get(delta, "content"));
	int rc;

	if (!thought)
		thought = json_string(json_get(delta, "reasoning"));
	if (!text)
		text = json_string(json_get(delta, "refusal"));
	rc = vendor_stream_thought(s, thought, err);
	if (rc == 0)
		rc = vendor_stream_text(s, text, err);
	if (rc == 0)
		rc = add_calls(s, json_get(delta, "tool_calls"), err);
	if (reason) {
		s->finished = true;
		s->finish = openai_reply_finish(reason);
	}
	return rc;
}

int openai_stream_event(void *arg, const struct sse_event *e, struct err *err)
{
	struct vendor_stream *s = arg;
	_auto_json_ struct json *j = NULL;
	const struct json *choice;
	char words[300];

	s->any = true;
	if (s->done)
		return 0;
	if (str_equal(e->data, "[DONE]")) {
		s->done = true;
		return 0;
	}
	j = vendor_stream_json(e->data, err);
	if (!j)
		return -ERR_UNAVAILABLE;
	choice = json_child(json_get(j, "choices"));
	if (!choice && model_error_words(j, words, sizeof(words)))
		return err_set(err, ERR_UNAVAILABLE,
			       "the model service reports: %s", words);
	if (json_is(json_get(j, "usage"), JSON_OBJECT))
		s->usage = openai_reply_usage(json_get(j, "usage"));
	return choice ? add_choice(s, choice, err) : 0;
}
