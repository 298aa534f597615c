/* SPDX-License-Identifier: Apache-2.0 */
/* The unbounded context: view, state, initial messages. */
#include "agentlib/memory/unbounded.h"

#include "agentlib/core/model_context.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"
#include <string.h>

static char *saved(const struct model_context *c)
{
	struct json_writer w;
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	model_context_save(c, &w);
	text = buf_take(&b);
	buf_finish(&b);
	return text;
}

static void add(struct model_context *c, const char *text)
{
	struct llm_message *m = llm_text(LLM_USER, "u", text);

	model_context_add(c, m);
	llm_unref(m);
}

static void keeps_all(void)
{
	struct model_context *c = unbounded_create();
	struct llm_list view = { 0 };
	size_t mark;
	char *text;

	for (int i = 0; i < 100; i++)
		add(c, "x");
	mark = model_context_mark(c);
	add(c, "y");
	CHECK_INT(model_context_view(c, &view, NULL), 0);
	CHECK_INT(view.count, 101);
	llm_list_finish(&view);
	model_context_rewind(c, mark);
	model_context_view(c, &view, NULL);
	CHECK_INT(view.count, 100);
	llm_list_finish(&view);
	model_context_clear(c);
	text = saved(c);
	CHECK_STR(text, "{\"messages\":[]}");
	mem_free(text);
	model_context_unref(c);
}

static struct model_context *load(const char *text, struct component_ctx *ctx)
{
	static const struct component_class *const floor[] = { &unbounded_class,
							       NULL };
	static const struct component_class *const *const floors[] = { floor,
								       NULL };
	_auto_json_ struct json *j = json_parse(text, strlen(text), 1 << 20,
						NULL);

	REQUIRE(j != NULL);
	*ctx = (struct component_ctx){ .floors = floors };
	return component_load(ctx, j, NULL, COMPONENT_MODEL_CONTEXT);
}

#define CONTEXT(config)                                                        \
	"{\"provider\":\"autogen_core.model_context."                          \
	"UnboundedChatCompletionContext\",\"config\":" config "}"

static void initial_messages(void)
{
	struct component_ctx ctx;
	struct model_context *c =
		load(CONTEXT("{\"initial_messages\":[{\"content\":\"be kind\","
			     "\"type\":\"SystemMessage\"}]}"),
		     &ctx);
	struct json_writer w;
	struct buf b;
	char *text;

	REQUIRE(c != NULL);
	text = saved(c);
	CHECK_STR(text, "{\"messages\":[{\"content\":\"be kind\",\"type\":"
			"\"SystemMessage\"}]}");
	mem_free(text);
	/* Clearing drops them too; the dump still has them. */
	model_context_clear(c);
	text = saved(c);
	CHECK_STR(text, "{\"messages\":[]}");
	mem_free(text);
	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	component_dump(COMPONENT_MODEL_CONTEXT, c, &w);
	CHECK(strstr(b.data, "\"config\":{\"initial_messages\":[{\"content\":"
			     "\"be kind\",\"type\":\"SystemMessage\"}]}"));
	buf_finish(&b);
	model_context_unref(c);
	component_ctx_finish(&ctx);
}

static void wrong_messages(void)
{
	struct component_ctx ctx;

	CHECK(load(CONTEXT("{\"initial_messages\":[{\"content\":\"a\","
			   "\"type\":\"SystemMessage\"},{\"content\":1,"
			   "\"source\":\"s\",\"type\":\"UserMessage\"}]}"),
		   &ctx) == NULL);
	REQUIRE(ctx.fault_count == 1);
	CHECK_STR(ctx.faults[0].pointer, "/config/initial_messages/1/content");
	component_ctx_finish(&ctx);
}

/* A state that is wrong in the middle changes nothing. */
static void wrong_state(void)
{
	static const char state[] =
		"{\"messages\":[{\"content\":\"a\",\"type\":\"SystemMessage\"},"
		"{\"content\":\"b\",\"type\":\"Other\"}]}";
	_auto_json_ struct json *j = json_parse(state, strlen(state), 1 << 20,
						NULL);
	struct model_context *c = unbounded_create();
	struct err err = { 0 };
	char *text;

	add(c, "x");
	CHECK(model_context_load(c, j, &err) < 0);
	CHECK_STR(err.field, "/messages/1/type");
	text = saved(c);
	CHECK(strstr(text, "\"x\""));
	mem_free(text);
	model_context_unref(c);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(keeps_all),
						 TEST(initial_messages),
						 TEST(wrong_messages),
						 TEST(wrong_state),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
