/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deltas put together. As AutoGen does, reasoning that comes beside the text
 * is given as text between <think> and </think>; the result has it apart.
 */
#include "agentlib/model/openai_stream.h"

#include "agentlib/model/model_error.h"
#include "agentlib/model/openai_reply.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define EVENT_MAX ((size_t)4 * 1024 * 1024)
#define TEXT_MAX ((size_t)32 * 1024 * 1024)
#define CALLS_MAX 128

struct openai_stream_call {
	int64_t index;
	char *id, *name;
	struct buf arguments;
};

static int give(struct openai_stream *s, const char *text, struct err *err)
{
	size_t len = strlen(text);
	int rc;

	if (len == 0)
		return 0;
	s->given = true;
	if (!s->req->chunk)
		return 0;
	rc = s->req->chunk(s->req->arg, text, len, err);
	if (rc < 0)
		s->callers = true;
	return rc < 0 ? rc : 0;
}

static int too_large(struct err *err)
{
	return err_set(err, ERR_TOO_LARGE, "the model's answer exceeds %zu MB",
		       TEXT_MAX >> 20);
}

static int add_thought(struct openai_stream *s, const char *text,
		       struct err *err)
{
	int rc;

	if (!text || !*text)
		return 0;
	if (buf_puts(&s->thought, text) < 0)
		return too_large(err);
	if (!s->thinking) {
		s->thinking = true;
		rc = give(s, "<think>", err);
		if (rc < 0)
			return rc;
	}
	return give(s, text, err);
}

static int end_thought(struct openai_stream *s, struct err *err)
{
	if (!s->thinking)
		return 0;
	s->thinking = false;
	return give(s, "</think>", err);
}

static int add_text(struct openai_stream *s, const char *text, struct err *err)
{
	int rc;

	if (!text || !*text)
		return 0;
	if (buf_puts(&s->content, text) < 0)
		return too_large(err);
	rc = end_thought(s, err);
	return rc < 0 ? rc : give(s, text, err);
}

/* ---- function calls ---- */

static struct openai_stream_call *call_at(struct openai_stream *s,
					  int64_t index)
{
	size_t at = 0;

	while (at < s->call_count && s->calls[at].index < index)
		at++;
	if (at < s->call_count && s->calls[at].index == index)
		return &s->calls[at];
	if (s->call_count == CALLS_MAX)
		return NULL;
	s->calls = mem_resize(s->calls, s->call_count + 1, sizeof(*s->calls));
	memmove(&s->calls[at + 1], &s->calls[at],
		(s->call_count - at) * sizeof(*s->calls));
	s->call_count++;
	s->calls[at] = (struct openai_stream_call){ .index = index };
	buf_init(&s->calls[at].arguments, TEXT_MAX);
	return &s->calls[at];
}

static int add_arguments(struct openai_stream_call *c, const struct json *j,
			 struct err *err)
{
	_auto_free_ char *printed = NULL;
	const char *text = json_string(j);

	if (!text && json_is(j, JSON_OBJECT))
		text = printed = json_print(j);
	if (text && buf_puts(&c->arguments, text) < 0)
		return too_large(err);
	return 0;
}

static int add_call(struct openai_stream *s, const struct json *j,
		    int64_t position, struct err *err)
{
	const struct json *function = json_get(j, "function");
	const char *id = json_string(json_get(j, "id"));
	const char *name = json_string(json_get(function, "name"));
	struct openai_stream_call *c;
	int64_t index = position;

	json_int(json_get(j, "index"), &index);
	c = call_at(s, index);
	if (!c)
		return err_set(err, ERR_TOO_LARGE,
			       "the model asks for more than %d function calls "
			       "at once",
			       CALLS_MAX);
	if (id && *id && !c->id)
		c->id = mem_strdup(id);
	if (name && *name && !c->name)
		c->name = openai_reply_name(name);
	return add_arguments(c, json_get(function, "arguments"), err);
}

static int add_calls(struct openai_stream *s, const struct json *calls,
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

static int add_choice(struct openai_stream *s, const struct json *choice,
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
	rc = add_thought(s, thought, err);
	if (rc == 0)
		rc = add_text(s, text, err);
	if (rc == 0)
		rc = add_calls(s, json_get(delta, "tool_calls"), err);
	if (reason) {
		s->finished = true;
		s->finish = openai_reply_finish(reason);
	}
	return rc;
}

static int on_event(void *arg, const struct sse_event *e, struct err *err)
{
	struct openai_stream *s = arg;
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
	j = json_parse(e->data, strlen(e->data), EVENT_MAX, err);
	if (!j) {
		if (err)
			err->code = ERR_UNAVAILABLE;
		err_prefix(err, "the stream holds an event that is no JSON: ");
		return -ERR_UNAVAILABLE;
	}
	choice = json_child(json_get(j, "choices"));
	if (!choice && model_error_words(j, words, sizeof(words)))
		return err_set(err, ERR_UNAVAILABLE,
			       "the model service reports: %s", words);
	if (json_is(json_get(j, "usage"), JSON_OBJECT))
		s->usage = openai_reply_usage(json_get(j, "usage"));
	return choice ? add_choice(s, choice, err) : 0;
}

void openai_stream_init(struct openai_stream *s,
			const struct model_request *req,
			const struct model_info *info)
{
	memset(s, 0, sizeof(*s));
	sse_init(&s->sse, EVENT_MAX, on_event, s);
	buf_init(&s->content, TEXT_MAX);
	buf_init(&s->thought, TEXT_MAX);
	s->req = req;
	s->info = info;
	s->finish = FINISH_UNKNOWN;
}

int openai_stream_feed(struct openai_stream *s, const char *data, size_t len,
		       struct err *err)
{
	return sse_feed(&s->sse, data, len, err);
}

static void take_calls(struct openai_stream *s, struct create_result *out)
{
	if (s->call_count == 0)
		return;
	out->calls = mem_zero(s->call_count, sizeof(*out->calls));
	for (size_t i = 0; i < s->call_count; i++) {
		struct openai_stream_call *c = &s->calls[i];
		struct function_call *to = &out->calls[out->call_count++];
		char made[STR_ID_SIZE];

		str_random_id(made);
		to->id = c->id ? mem_take(c->id) : mem_strdup(made);
		to->name = c->name ? mem_take(c->name) : mem_strdup("_");
		to->arguments = c->arguments.len ? buf_take(&c->arguments)
						 : mem_strdup("{}");
	}
}

int openai_stream_end(struct openai_stream *s, struct create_result *out,
		      struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	if (!s->done && !s->finished)
		return err_set(err, ERR_UNAVAILABLE,
			       s->any ? "the model's answer broke off in the "
					"middle"
				      : "the model service answered with "
					"nothing");
	rc = end_thought(s, err);
	if (rc < 0)
		return rc;
	out->finish = s->finish;
	out->usage = s->usage;
	out->content = mem_strdup(s->content.data);
	if (s->thought.len > 0)
		out->thought = mem_strdup(s->thought.data);
	take_calls(s, out);
	openai_reply_settle(s->info, out);
	return 0;
}

void openai_stream_finish(struct openai_stream *s)
{
	for (size_t i = 0; i < s->call_count; i++) {
		mem_free(s->calls[i].id);
		mem_free(s->calls[i].name);
		buf_finish(&s->calls[i].arguments);
	}
	mem_free(s->calls);
	sse_finish(&s->sse);
	buf_finish(&s->content);
	buf_finish(&s->thought);
}
