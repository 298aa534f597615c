/* SPDX-License-Identifier: Apache-2.0 */
/* What is answered from the cache, and what is asked: the server counts. */
#include "agentlib/model/cache.h"

#include "agentlib/model/cache_store.h"
#include "agentlib/model/memory_store.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "tests/support/model_world.h"
#include "tests/tap.h"

#include <string.h>

#define CONFIG(store)                                                          \
	"{\"client\":{\"provider\":\"OpenAIChatCompletionClient\","            \
	"\"config\":{\"model\":\"gpt-4o\",\"api_key\":\"secret-key\","         \
	"\"base_url\":\"@\"}}" store "}"
#define P "autogen_ext.models.cache.ChatCompletionCache"
#define TOOLS                                                                  \
	"[{\"type\":\"function\",\"function\":{\"name\":\"add\","              \
	"\"parameters\":{}}}]"
#define CALL                                                                   \
	"{\"body\":{\"choices\":[{\"message\":{\"content\":\"I add\","         \
	"\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"add\","        \
	"\"arguments\":\"{}\"}}]}}],\"usage\":{\"prompt_tokens\":3,"           \
	"\"completion_tokens\":1}},\"repeat\":true}"

static void begin(struct model_world *w, const char *recording,
		  const char *config)
{
	model_world_environment(NULL);
	model_world_begin(w, recording);
	REQUIRE(model_world_load(w, P, config));
}

static void hit_costs_nothing(void)
{
	struct create_result first, r;
	struct model_world w;

	begin(&w, "[{\"reply\":\"one two\",\"repeat\":true}]", CONFIG(""));
	CHECK_INT(model_world_ask(&w, false, &first, NULL), 0);
	CHECK(!first.cached);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(model_world_ask(&w, i > 0, &r, NULL), 0);
		CHECK(r.cached);
		CHECK_STR(r.content, "one two");
		CHECK_INT(r.finish, FINISH_STOP);
		CHECK_INT(r.usage.completion_tokens, 2);
		create_result_finish(&r);
	}
	CHECK_STR(w.chunks.data, "one two|");
	CHECK_INT(replay_server_count(&w.server), 1);
	CHECK_INT(w.model->total.prompt_tokens, first.usage.prompt_tokens);
	CHECK_INT(w.model->total.completion_tokens, 2);
	CHECK_STR(w.model->name, "gpt-4o");
	CHECK(w.model->info.function_calling);
	create_result_finish(&first);
	model_world_end(&w);
}

static void stream_answers_plain_call(void)
{
	struct create_result r;
	struct model_world w;

	begin(&w, "[{\"reply\":\"one two\"}]", CONFIG(",\"store\":null"));
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	create_result_finish(&r);
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	CHECK(r.cached);
	CHECK_STR(r.content, "one two");
	create_result_finish(&r);
	model_world_end(&w);
}

/* Each of these asks, the second time none does. */
static void key_has_all(void)
{
	static const struct model_request rows[] = {
		{ .count = 0 },
		{ .tools_json = TOOLS },
		{ .tools_json = TOOLS, .tool_choice = "required" },
		{ .tools_json = TOOLS, .tool_choice = "add" },
		{ .json_output = true },
		{ .schema_json = "{}", .schema_name = "a" },
		{ .schema_json = "{}", .schema_name = "b" },
	};
	const size_t count = sizeof(rows) / sizeof(rows[0]);
	struct llm_message *m[] = { llm_text(LLM_USER, "user", "hi") };
	struct model_world w;

	begin(&w, "[" CALL "]", CONFIG(""));
	for (size_t i = 0; i < 2 * count; i++) {
		struct model_request req = rows[i % count];
		struct create_result r;

		req.messages = m;
		req.count = 1;
		CHECK_INT(model_world_ask_with(&w, &req, &r, NULL), 0);
		CHECK_INT(r.cached, i >= count);
		CHECK_STR(r.thought, "I add");
		CHECK_INT(r.call_count, 1);
		CHECK_INT(r.finish, FINISH_FUNCTION_CALLS);
		create_result_finish(&r);
	}
	CHECK_INT(replay_server_count(&w.server), count);
	llm_unref(m[0]);
	model_world_end(&w);
}

static void errors_are_not_kept(void)
{
	struct create_result r;
	struct model_world w;
	struct err err = { 0 };

	begin(&w, "[{\"status\":404},{\"reply\":\"now\"}]", CONFIG(""));
	CHECK_INT(model_world_ask(&w, false, &r, &err), -ERR_NOT_FOUND);
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	CHECK(!r.cached);
	CHECK_STR(r.content, "now");
	create_result_finish(&r);
	model_world_end(&w);
}

static void dumped(void)
{
	_auto_free_ char *text = NULL;
	struct model_world w;

	begin(&w, NULL,
	      CONFIG(",\"store\":{\"provider\":\"autogen_core."
		     "InMemoryStore\",\"component_type\":\"cache_store\","
		     "\"config\":{}}"));
	text = model_world_dump(&w);
	CHECK(strstr(text, "autogen_ext.models.cache.ChatCompletionCache"));
	CHECK(strstr(text, "autogen_ext.models.openai.OpenAIChatCompletion"));
	CHECK(strstr(text, "\"store\":{\"provider\":\"autogen_core.InMemory"));
	CHECK(strstr(text, "**********") && !strstr(text, "secret"));
	model_world_end(&w);
}

static void faults_inside(void)
{
	struct model_world w;

	model_world_environment(NULL);
	model_world_begin(&w, NULL);
	CHECK(!model_world_load(&w, P,
				"{\"store\":{\"provider\":\"Nothing\"}}"));
	REQUIRE(w.ctx.fault_count == 2);
	CHECK_STR(w.ctx.faults[0].pointer, "/config/client");
	CHECK_STR(w.ctx.faults[1].pointer, "/config/store/provider");
	model_world_end(&w);
}

static void store_forgets_the_oldest(void)
{
	struct cache_store *s = memory_store_create();
	size_t size = (size_t)30 * 1024 * 1024;
	char *large = mem_zero(size + 1, 1);
	struct buf b;

	memset(large, 'x', size);
	buf_init(&b, 2 * size);
	CHECK_INT(s->ops->set(s, "a", large, NULL), 0);
	CHECK_INT(s->ops->set(s, "b", large, NULL), 0);
	CHECK_INT(s->ops->get(s, "a", &b, NULL), 1);
	CHECK_INT(s->ops->set(s, "c", large, NULL), 0);
	CHECK_INT(s->ops->get(s, "b", &b, NULL), 0);
	buf_clear(&b);
	CHECK_INT(s->ops->get(s, "a", &b, NULL), 1);
	CHECK_INT(b.len, size);
	CHECK_INT(s->ops->set(s, "a", "new", NULL), 0);
	buf_clear(&b);
	CHECK_INT(s->ops->get(s, "a", &b, NULL), 1);
	CHECK_STR(b.data, "new");
	buf_finish(&b);
	mem_free(large);
	s->ops->destroy(s);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(hit_costs_nothing),
						 TEST(stream_answers_plain_call),
						 TEST(key_has_all),
						 TEST(errors_are_not_kept),
						 TEST(dumped),
						 TEST(faults_inside),
						 TEST(store_forgets_the_oldest),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
