/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole answer is a stream of one line, so one reader does for both. Calls
 * come whole and mostly without ids; the stream's end makes those.
 */
#include "agentlib/model/ollama_reply.h"

#include "agentlib/model/model_error.h"
#include "agentlib/model/vendor_stream.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

static int failed(const struct json *j, struct err *err)
{
	char words[300];

	if (!model_error_words(j, words, sizeof(words)))
		return err_set(err, ERR_UNAVAILABLE,
			       "the answer is JSON, but none of Ollama's: it "
			       "has no message");
	return err_set(err, ERR_UNAVAILABLE, "the model service reports: %s",
		       words);
}

static int add_calls(struct vendor_stream *s, const struct json *calls,
		     struct err *err)
{
	int rc = 0;

	for (const struct json *j = json_child(calls); j && rc == 0;
	     j = json_next(j)) {
		const struct json *f = json_get(j, "function");
		struct vendor_stream_call *c =
			vendor_stream_call(s, (int64_t)s->call_count, err);

		if (!c)
			return -ERR_TOO_LARGE;
		vendor_stream_call_is(c, json_string(json_get(j, "id")),
				      json_string(json_get(f, "name")));
		rc = vendor_stream_arguments(c, json_get(f, "arguments"), err);
	}
	return rc;
}

static void add_end(struct vendor_stream *s, const struct json *j)
{
	const char *reason = json_string(json_get(j, "done_reason"));
	int64_t n;

	s->finished = s->done = true;
	s->finish = FINISH_UNKNOWN;
	/* Old servers say no reason. */
	if (!reason || str_equal(reason, "stop"))
		s->finish = FINISH_STOP;
	else if (str_equal(reason, "length"))
		s->finish = FINISH_LENGTH;
	if (json_int(json_get(j, "prompt_eval_count"), &n) && n >= 0)
		s->usage.prompt_tokens = n;
	if (json_int(json_get(j, "eval_count"), &n) && n >= 0)
		s->usage.completion_tokens = n;
}

static int add_object(struct vendor_stream *s, const struct json *j,
		      struct err *err)
{
	const struct json *m = json_get(j, "message");
	int rc;

	if (!json_is(m, JSON_OBJECT) && !json_bool(json_get(j, "done"), false))
		return failed(j, err);
	rc = vendor_stream_thought(s, json_string(json_get(m, "thinking")),
				   err);
	if (rc == 0)
		rc = vendor_stream_text(s, json_string(json_get(m, "content")),
					err);
	if (rc == 0)
		rc = add_calls(s, json_get(m, "tool_calls"), err);
	if (rc == 0 && json_bool(json_get(j, "done"), false))
		add_end(s, j);
	return rc;
}

int ollama_reply_event(void *arg, const struct sse_event *e, struct err *err)
{
	struct vendor_stream *s = arg;
	_auto_json_ struct json *j = NULL;

	if (s->done || !*e->data)
		return 0;
	s->any = true;
	j = vendor_stream_json(e->data, err);
	return j ? add_object(s, j, err) : -ERR_UNAVAILABLE;
}

int ollama_reply_read(const struct json *j, const struct model_info *info,
		      struct create_result *out, struct err *err)
{
	static const struct model_request silent = { .count = 0 };
	struct vendor_stream s;
	int rc;

	*out = (struct create_result){ 0 };
	vendor_stream_init(&s, ollama_reply_event, &silent, info);
	s.any = true;
	rc = add_object(&s, j, err);
	if (rc == 0)
		rc = vendor_stream_end(&s, out, err);
	vendor_stream_finish(&s);
	return rc;
}
