/* SPDX-License-Identifier: Apache-2.0 */
/* Holds an answer to what agents, services and saved states need of it. */
#include "tests/fuzz/fuzz_model.h"

#include "agentlib/core/llm_parts.h"
#include "agentlib/core/message.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void check_calls(const struct create_result *r)
{
	for (size_t i = 0; i < r->call_count; i++) {
		const struct function_call *c = &r->calls[i];
		size_t len = strspn(c->name, "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					     "0123456789_-");

		FUZZ_CHECK(len > 0 && len <= 64 && !c->name[len]);
		FUZZ_CHECK(*c->id && *c->arguments);
	}
}

/* The event or message that an agent makes of it. */
static struct message *as_message(const struct create_result *r)
{
	struct message *m = message_new(r->call_count ? MESSAGE_TOOL_REQUEST
						      : MESSAGE_TEXT,
					"model", r->content);

	m->has_usage = true;
	m->usage = r->usage;
	m->calls = function_calls_copy(r->calls, r->call_count);
	m->call_count = r->call_count;
	return m;
}

void fuzz_model_check(const struct create_result *r)
{
	struct message *m = as_message(r), *back;
	struct err err = { 0 };
	struct json_writer w;
	struct json *j;
	struct buf text;

	FUZZ_CHECK(r->call_count ? !r->content : r->content != NULL);
	FUZZ_CHECK((r->finish == FINISH_FUNCTION_CALLS) >= !!r->call_count);
	FUZZ_CHECK(r->usage.prompt_tokens >= 0 &&
		   r->usage.completion_tokens >= 0);
	check_calls(r);
	buf_init(&text, SIZE_MAX);
	jw_init(&w, &text);
	message_write(m, &w);
	j = fuzz_json(&text);
	back = message_read(j, &err);
	FUZZ_SAME(err.text, "");
	FUZZ_CHECK(back && back->call_count == r->call_count);
	message_unref(back);
	message_unref(m);
	json_destroy(j);
	buf_finish(&text);
}
