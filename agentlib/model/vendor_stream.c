/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deltas put together. As AutoGen does, reasoning that comes beside the text
 * is given as text between <think> and </think>; the result has it apart.
 */
#include "agentlib/model/vendor_stream.h"

#include "agentlib/model/reply.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define EVENT_MAX ((size_t)4 * 1024 * 1024)
#define TEXT_MAX ((size_t)32 * 1024 * 1024)

static int give(struct vendor_stream *s, const char *text, struct err *err)
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

int vendor_stream_thought(struct vendor_stream *s, const char *text,
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

static int end_thought(struct vendor_stream *s, struct err *err)
{
	if (!s->thinking)
		return 0;
	s->thinking = false;
	return give(s, "</think>", err);
}

int vendor_stream_text(struct vendor_stream *s, const char *text,
		       struct err *err)
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

struct vendor_stream_call *vendor_stream_call(struct vendor_stream *s,
					      int64_t index, struct err *err)
{
	size_t at = 0;

	while (at < s->call_count && s->calls[at].index < index)
		at++;
	if (at < s->call_count && s->calls[at].index == index)
		return &s->calls[at];
	if (reply_check_calls(s->call_count + 1, err) < 0)
		return NULL;
	s->calls = mem_resize(s->calls, s->call_count + 1, sizeof(*s->calls));
	memmove(&s->calls[at + 1], &s->calls[at],
		(s->call_count - at) * sizeof(*s->calls));
	s->call_count++;
	s->calls[at] = (struct vendor_stream_call){ .index = index };
	buf_init(&s->calls[at].arguments, TEXT_MAX);
	return &s->calls[at];
}

void vendor_stream_call_is(struct vendor_stream_call *c, const char *id,
			   const char *name)
{
	if (id && *id && !c->id)
		c->id = mem_strdup(id);
	if (name && *name && !c->name)
		c->name = reply_name(name);
}

int vendor_stream_arguments(struct vendor_stream_call *c, const struct json *j,
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

/* ---- the whole ---- */

struct json *vendor_stream_json(const char *data, struct err *err)
{
	struct json *j = json_parse(data, strlen(data), EVENT_MAX, err);

	if (j)
		return j;
	if (err)
		err->code = ERR_UNAVAILABLE;
	err_prefix(err, "the stream holds an event that is no JSON: ");
	return NULL;
}

void vendor_stream_init(struct vendor_stream *s, sse_fn *event,
			const struct model_request *req,
			const struct model_info *info)
{
	memset(s, 0, sizeof(*s));
	sse_init(&s->sse, EVENT_MAX, event, s);
	buf_init(&s->content, TEXT_MAX);
	buf_init(&s->thought, TEXT_MAX);
	s->req = req;
	s->info = info;
	s->finish = FINISH_UNKNOWN;
}

int vendor_stream_feed(struct vendor_stream *s, const char *data, size_t len,
		       struct err *err)
{
	return s->lines ? sse_feed_lines(&s->sse, data, len, err)
			: sse_feed(&s->sse, data, len, err);
}

static void take_calls(struct vendor_stream *s, struct create_result *out)
{
	if (s->call_count == 0)
		return;
	out->calls = mem_zero(s->call_count, sizeof(*out->calls));
	for (size_t i = 0; i < s->call_count; i++) {
		struct vendor_stream_call *c = &s->calls[i];
		struct function_call *to = &out->calls[out->call_count++];
		char made[STR_ID_SIZE];

		str_random_id(made);
		to->id = c->id ? mem_take(c->id) : mem_strdup(made);
		to->name = c->name ? mem_take(c->name) : mem_strdup("_");
		to->arguments = c->arguments.len ? buf_take(&c->arguments)
						 : mem_strdup("{}");
	}
}

int vendor_stream_end(struct vendor_stream *s, struct create_result *out,
		      struct err *err)
{
	int rc = 0;

	memset(out, 0, sizeof(*out));
	/* The last line may lack its end; when it is cut, that is no answer. */
	if (s->lines && !s->done && s->sse.line.len > 0)
		rc = vendor_stream_feed(s, "\n", 1, err);
	if (rc < 0 && (s->callers || rc != -ERR_UNAVAILABLE))
		return rc;
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
	reply_settle(s->info, out);
	return 0;
}

void vendor_stream_finish(struct vendor_stream *s)
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
