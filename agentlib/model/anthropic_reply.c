/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks: text, thinking, tool_use. Others (of the server's own tools) are
 * passed over, and so are events of unknown types, as the API asks.
 */
#include "agentlib/model/anthropic_reply.h"

#include "agentlib/model/model_error.h"
#include "agentlib/model/reply.h"
#include "agentlib/model/vendor_stream.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define TEXT_MAX ((size_t)32 * 1024 * 1024)

static enum finish_reason finish_of(const char *reason)
{
	static const struct {
		const char *name;
		enum finish_reason reason;
	} names[] = {
		{ "end_turn", FINISH_STOP },
		{ "stop_sequence", FINISH_STOP },
		{ "max_tokens", FINISH_LENGTH },
		{ "model_context_window_exceeded", FINISH_LENGTH },
		{ "tool_use", FINISH_FUNCTION_CALLS },
		{ "refusal", FINISH_CONTENT_FILTER },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_equal(names[i].name, reason))
			return names[i].reason;
	return FINISH_UNKNOWN;
}

/* What is said replaces what was; a later event may say only one of them. */
static void add_usage(struct usage *u, const struct json *j)
{
	int64_t n;

	if (json_int(json_get(j, "input_tokens"), &n) && n >= 0)
		u->prompt_tokens = n;
	if (json_int(json_get(j, "output_tokens"), &n) && n >= 0)
		u->completion_tokens = n;
}

static int failed(const struct json *j, struct err *err)
{
	char words[300];

	if (!model_error_words(j, words, sizeof(words)))
		return 0;
	return err_set(err, ERR_UNAVAILABLE, "the model service reports: %s",
		       words);
}

/* ---- the whole ---- */

static int read_block(const struct json *b, struct create_result *out,
		      struct buf *text, struct buf *thought)
{
	const char *type = json_string(json_get(b, "type"));
	const char *piece;
	struct function_call *call;

	if (str_equal(type, "text")) {
		piece = json_string(json_get(b, "text"));
		return buf_puts(text, piece ? piece : "");
	}
	if (str_equal(type, "thinking")) {
		piece = json_string(json_get(b, "thinking"));
		return buf_puts(thought, piece ? piece : "");
	}
	if (!str_equal(type, "tool_use"))
		return 0;
	call = &out->calls[out->call_count++];
	piece = json_string(json_get(b, "id"));
	call->id = mem_strdup(piece ? piece : "");
	piece = json_string(json_get(b, "name"));
	call->name = reply_name(piece && *piece ? piece : "_");
	call->arguments = reply_arguments(json_get(b, "input"));
	return 0;
}

static int read_blocks(const struct json *blocks, struct create_result *out,
		       struct err *err)
{
	struct buf text, thought;
	size_t calls = 0;
	int rc = 0;

	for (const struct json *b = json_child(blocks); b; b = json_next(b))
		calls += str_equal(json_string(json_get(b, "type")),
				   "tool_use");
	if (reply_check_calls(calls, err) < 0)
		return -ERR_TOO_LARGE;
	if (calls > 0)
		out->calls = mem_zero(calls, sizeof(*out->calls));
	buf_init(&text, TEXT_MAX);
	buf_init(&thought, TEXT_MAX);
	for (const struct json *b = json_child(blocks); b && rc >= 0;
	     b = json_next(b))
		rc = read_block(b, out, &text, &thought);
	if (rc < 0)
		err_set(err, ERR_TOO_LARGE, "the model's answer exceeds %zu MB",
			TEXT_MAX >> 20);
	else
		out->content = mem_strdup(text.len ? text.data : "");
	if (rc >= 0 && thought.len > 0)
		out->thought = mem_strdup(thought.data);
	buf_finish(&text);
	buf_finish(&thought);
	return rc < 0 ? -ERR_TOO_LARGE : 0;
}

int anthropic_reply_read(const struct json *j, const struct model_info *info,
			 struct create_result *out, struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	if (!json_is(json_get(j, "content"), JSON_ARRAY)) {
		rc = failed(j, err);
		if (rc < 0)
			return rc;
		return err_set(err, ERR_UNAVAILABLE,
			       "the answer is JSON, but no message of "
			       "Anthropic's: it has no content");
	}
	add_usage(&out->usage, json_get(j, "usage"));
	out->finish = finish_of(json_string(json_get(j, "stop_reason")));
	rc = read_blocks(json_get(j, "content"), out, err);
	if (rc < 0)
		return rc;
	reply_settle(info, out);
	return 0;
}

/* ---- events ---- */

static int block_start(struct vendor_stream *s, int64_t index,
		       const struct json *b, struct err *err)
{
	struct vendor_stream_call *c;

	if (!str_equal(json_string(json_get(b, "type")), "tool_use"))
		return vendor_stream_text(s, json_string(json_get(b, "text")),
					  err);
	c = vendor_stream_call(s, index, err);
	if (!c)
		return -ERR_TOO_LARGE;
	vendor_stream_call_is(c, json_string(json_get(b, "id")),
			      json_string(json_get(b, "name")));
	/* It is {} where the input follows in pieces. */
	if (json_count(json_get(b, "input")) == 0)
		return 0;
	return vendor_stream_arguments(c, json_get(b, "input"), err);
}

static int block_delta(struct vendor_stream *s, int64_t index,
		       const struct json *d, struct err *err)
{
	const char *type = json_string(json_get(d, "type"));
	struct vendor_stream_call *c;

	if (str_equal(type, "text_delta"))
		return vendor_stream_text(s, json_string(json_get(d, "text")),
					  err);
	if (str_equal(type, "thinking_delta"))
		return vendor_stream_thought(
			s, json_string(json_get(d, "thinking")), err);
	if (!str_equal(type, "input_json_delta"))
		return 0;
	/* That of a block passed over has no call. */
	for (size_t i = 0; i < s->call_count; i++) {
		c = &s->calls[i];
		if (c->index == index)
			return vendor_stream_arguments(
				c, json_get(d, "partial_json"), err);
	}
	return 0;
}

static int take(struct vendor_stream *s, const char *type, const struct json *j,
		struct err *err)
{
	const char *reason =
		json_string(json_get(json_get(j, "delta"), "stop_reason"));
	int64_t index = 0;

	json_int(json_get(j, "index"), &index);
	if (str_equal(type, "content_block_start"))
		return block_start(s, index, json_get(j, "content_block"), err);
	if (str_equal(type, "content_block_delta"))
		return block_delta(s, index, json_get(j, "delta"), err);
	if (str_equal(type, "message_start"))
		add_usage(&s->usage, json_get(json_get(j, "message"), "usage"));
	if (str_equal(type, "message_delta")) {
		add_usage(&s->usage, json_get(j, "usage"));
		if (reason) {
			s->finished = true;
			s->finish = finish_of(reason);
		}
	}
	if (str_equal(type, "message_stop"))
		s->done = true;
	return 0;
}

int anthropic_reply_event(void *arg, const struct sse_event *e, struct err *err)
{
	struct vendor_stream *s = arg;
	_auto_json_ struct json *j = NULL;
	const char *type;

	s->any = true;
	if (s->done)
		return 0;
	j = vendor_stream_json(e->data, err);
	if (!j)
		return -ERR_UNAVAILABLE;
	type = json_string(json_get(j, "type"));
	if (!type || str_equal(type, "error"))
		return failed(j, err);
	return take(s, type, j, err);
}
