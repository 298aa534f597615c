/* SPDX-License-Identifier: Apache-2.0 */
/* The client of recorded answers. */
#include "agentlib/model/replay.h"

#include "executor/base/mem.h"
#include "tests/support/model_world.h"
#include "tests/tap.h"

#include <string.h>

#define P "autogen_ext.models.replay.ReplayChatCompletionClient"

static void in_order_then_exhausted(void)
{
	struct create_result r;
	struct err err = { 0 };
	struct model_world w;

	model_world_begin(&w, NULL);
	REQUIRE(model_world_load(&w, P,
				 "{\"chat_completions\":["
				 "\"one two  three\",\"\"]}"));
	CHECK(!w.model->info.function_calling);
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	CHECK_STR(r.content, "one two  three");
	CHECK_INT(r.finish, FINISH_STOP);
	CHECK(r.cached);
	CHECK_INT(r.usage.prompt_tokens, 2);
	CHECK_INT(r.usage.completion_tokens, 3);
	create_result_finish(&r);
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_STR(r.content, "");
	create_result_finish(&r);
	CHECK_INT(model_world_ask(&w, false, &r, &err), -ERR_INVALID);
	CHECK_STR(err.text, "No more mock responses available");
	CHECK_INT(w.model->total.completion_tokens, 3);
	model_world_end(&w);
}

static void streams_words(void)
{
	struct create_result r;
	struct model_world w;

	model_world_begin(&w, NULL);
	REQUIRE(model_world_load(&w, P,
				 "{\"chat_completions\":["
				 "\" one\\n\\ntwo  three\"]}"));
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_STR(w.chunks.data, " |one\n\n|two  |three|");
	CHECK_STR(r.content, " one\n\ntwo  three");
	create_result_finish(&r);
	model_world_end(&w);
}

static void whole_results(void)
{
	struct create_result r;
	struct model_world w;

	model_world_begin(&w, NULL);
	REQUIRE(model_world_load(
		&w, P,
		"{\"chat_completions\":[{\"finish_reason\":\"length\","
		"\"content\":\"a b\",\"usage\":{\"prompt_tokens\":7,"
		"\"completion_tokens\":8},\"cached\":false,\"thought\":\"t\"},"
		"{\"finish_reason\":\"function_calls\",\"content\":[{\"id\":"
		"\"1\",\"arguments\":\"{}\",\"name\":\"f\"}],\"usage\":{"
		"\"prompt_tokens\":0,\"completion_tokens\":0},\"cached\":"
		"false}],\"model_info\":{\"vision\":false,\"function_calling\":"
		"true,\"json_output\":false,\"family\":\"gpt-4o\"}}"));
	CHECK(w.model->info.function_calling);
	CHECK_STR(w.model->info.family, "gpt-4o");
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	CHECK_INT(r.finish, FINISH_LENGTH);
	CHECK_INT(r.usage.completion_tokens, 8);
	CHECK_STR(r.thought, "t");
	CHECK(!r.cached);
	create_result_finish(&r);
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_INT(r.finish, FINISH_FUNCTION_CALLS);
	REQUIRE(r.call_count == 1);
	CHECK_STR(r.calls[0].name, "f");
	CHECK(!r.content);
	create_result_finish(&r);
	model_world_end(&w);
}

static void dumps_what_was_loaded(void)
{
	_auto_free_ char *dump = NULL;
	struct model_world w;

	model_world_begin(&w, NULL);
	REQUIRE(model_world_load(&w, P,
				 "{\"chat_completions\":[\"a\"],"
				 "\"mine\":1}"));
	CHECK(strstr(w.notices.data, "/config/mine: "));
	dump = model_world_dump(&w);
	CHECK(strstr(dump, "\"config\":{\"chat_completions\":[\"a\"],"
			   "\"mine\":1}"));
	model_world_end(&w);
}

static void faults(void)
{
	static const struct {
		const char *config, *pointer;
	} rows[] = {
		{ "{}", "/config/chat_completions" },
		{ "{\"chat_completions\":\"a\"}", "/config/chat_completions" },
		{ "{\"chat_completions\":[\"a\",1]}",
		  "/config/chat_completions/1" },
		{ "{\"chat_completions\":[{\"content\":1}]}",
		  "/config/chat_completions/0/content" },
		{ "{\"chat_completions\":[{\"content\":[{\"id\":1}]}]}",
		  "/config/chat_completions/0/content/0/id" },
		{ "{\"chat_completions\":[],\"model_info\":{}}",
		  "/config/model_info/vision" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct model_world w;

		model_world_begin(&w, NULL);
		CHECK(!model_world_load(&w, P, rows[i].config));
		REQUIRE(w.ctx.fault_count > 0);
		CHECK_STR(w.ctx.faults[0].pointer, rows[i].pointer);
		model_world_end(&w);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(in_order_then_exhausted),
						 TEST(streams_words),
						 TEST(whole_results),
						 TEST(dumps_what_was_loaded),
						 TEST(faults),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
