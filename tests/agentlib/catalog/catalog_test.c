/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files as people have them: what loads, what is said about what does not.
 * four_v1.json and four_v2.json are dumps of AutoGen 0.4.9 and 0.7.5.
 */
#include "agentlib/catalog/catalog.h"

#include "agentlib/core/task.h"
#include "agentlib/fiber/fiber.h"
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/agentlib/agent/agent_rig.h"
#include "tests/tap.h"
#include <fcntl.h>
#include <string.h>

#define TEAM COMPONENT_BIT(COMPONENT_TEAM)

static struct json *read_file(const char *name)
{
	_auto_free_ char *path = mem_printf("tests/agentlib/catalog/%s", name);
	struct err err = { 0 };
	struct json *j = NULL;
	struct buf b;

	buf_init(&b, 1 << 20);
	if (fd_slurp_path(AT_FDCWD, path, &b, &err) == 0)
		j = json_parse(b.data, b.len, 1 << 20, &err);
	if (!j)
		tap_note("%s: %s", path, err.text);
	REQUIRE(j != NULL);
	buf_finish(&b);
	return j;
}

static const char *no_environment(const char *name)
{
	return NULL;
}

static const char *with_a_key(const char *name)
{
	return str_equal(name, "OPENAI_API_KEY") ? "sk-test" : NULL;
}

static void note(void *arg, const char *pointer, const char *text)
{
	buf_printf(arg, "%s: %s\n", pointer, text);
}

static struct component_ctx context(struct engine *e, struct buf *notices)
{
	return (struct component_ctx){
		.engine = e,
		.floors = catalog_floors,
		.getenv = no_environment,
		.notice = notices ? note : NULL,
		.notice_arg = notices,
	};
}

static const char four_run[] = "TextMessage user: a poem\n"
			       "TextMessage planner: planner says one\n"
			       "TextMessage writer: writer says one\n"
			       "TextMessage critic: critic says one\n"
			       "TextMessage editor: editor says one\n"
			       "TextMessage planner: planner says two\n"
			       "TextMessage writer: writer says two\n"
			       "TextMessage critic: critic says two\n"
			       "TextMessage editor: editor says two "
			       "TERMINATE\n";

static int four_body(void *arg, struct err *err)
{
	_auto_json_ struct json *j = read_file(arg);
	struct buf notices;
	struct component_ctx ctx = context(fiber_engine(), &notices);
	struct agent_rig_result r;
	struct task *t;

	buf_init(&notices, 1 << 20);
	t = catalog_load(&ctx, j, "", TEAM);
	for (size_t i = 0; i < ctx.fault_count; i++)
		tap_note("%s: %s", ctx.faults[i].pointer, ctx.faults[i].text);
	REQUIRE(t != NULL);
	CHECK_STR(notices.data, "");
	r = agent_rig_task(t, "a poem");
	CHECK_STR(r.messages, four_run);
	CHECK_STR(r.stop, "Text 'TERMINATE' mentioned");
	agent_rig_finish(&r);
	if (strstr(arg, "v2")) {
		char *dump = agent_rig_dump(t), *file = json_print(j);

		CHECK_STR(dump, file);
		mem_free(dump);
		mem_free(file);
	}
	task_unref(t);
	component_ctx_finish(&ctx);
	buf_finish(&notices);
	return 0;
}

static void four_assistants_of_version_1(void)
{
	char name[] = "four_v1.json";

	agent_rig_run(four_body, name);
}

static void four_assistants_of_version_2(void)
{
	char name[] = "four_v2.json";

	agent_rig_run(four_body, name);
}

static const char *const broken[][2] = {
	{ "/config/participants/0/config/name",
	  "\"not a name\" is not an identifier" },
	{ "/config/participants/0/config/model_client/provider",
	  "\"autogen_ext.models.openai.OpenAIChatCompletionCleint\" is not "
	  "known" },
	{ "/config/participants/0/config/tools/0",
	  "tools are not run yet (calculator)" },
	{ "/config/participants/0/config/handoffs/0",
	  "hand-offs are not run yet (writer)" },
	{ "/config/participants/0/config/handoffs/1",
	  "hand-offs are not run yet (critic)" },
	{ "/config/participants/0/config/max_tool_iterations",
	  "must be from 1 to 1000000, not 0" },
	{ "/config/participants/0/config/metadata/k",
	  "must be a string, not number" },
	{ "/config/participants/1/config/workbench/0/config/tools",
	  "tools are not run yet" },
	{ "/config/participants/2/config/code_executor/provider",
	  "autogen_ext.code_executors.jupyter.JupyterCodeExecutor is not run "
	  "by this Coop: it comes with a later version" },
	{ "/config/participants/2/config/sources/1",
	  "must be a string, not number" },
	{ "/config/participants/3/provider",
	  "autogen_agentchat.conditions.MaxMessageTermination is a component "
	  "of type termination; here stands one of type agent or team" },
	{ "/config/participants/4",
	  "must be a component object with \"provider\" and \"config\", not "
	  "number" },
	{ "/config/termination_condition/config/conditions/0/config/"
	  "max_messages",
	  "is missing" },
	{ "/config/termination_condition/config/conditions/1/provider",
	  "autogen_agentchat.conditions.TimeoutTermination is not run by this "
	  "Coop: it comes with a later version" },
	{ "/config/max_turns", "must be from 1 to 1000000000, not 0" },
};

static int broken_body(void *arg, struct err *err)
{
	_auto_json_ struct json *j = read_file("broken.json");
	struct component_ctx ctx = context(fiber_engine(), NULL);

	CHECK(catalog_load(&ctx, j, "", TEAM) == NULL);
	CHECK_INT(ctx.fault_count, ARRAY_LEN(broken));
	for (size_t i = 0; i < ctx.fault_count; i++) {
		const struct component_fault *f = &ctx.faults[i];

		if (i >= ARRAY_LEN(broken)) {
			tap_note("%s: %s", f->pointer, f->text);
			continue;
		}
		CHECK_STR(f->pointer, broken[i][0]);
		CHECK_STR(f->text, broken[i][1]);
	}
	CHECK_STR(ctx.faults[1].remedy,
		  "\"autogen_ext.models.openai.OpenAIChatCompletionClient\"");
	component_ctx_finish(&ctx);
	return 0;
}

static void every_fault_at_once(void)
{
	agent_rig_run(broken_body, NULL);
}

static int pointer_body(void *arg, struct err *err)
{
	static const struct {
		const char *pointer, *fault, *at;
	} rows[] = {
		{ "/config/participants/9",
		  "nothing stands at "
		  "\"/config/participants/9\"",
		  "/config/participants/9" },
		{ "/config/participants/01",
		  "nothing stands at "
		  "\"/config/participants/01\"",
		  "/config/participants/01" },
		{ "config",
		  "\"config\" is no JSON Pointer: it must begin with "
		  "/",
		  "config" },
		{ "/config/participants/0",
		  "autogen_agentchat.agents.AssistantAgent is a component of "
		  "type agent; here stands one of type team",
		  "/config/participants/0/provider" },
	};
	_auto_json_ struct json *j = read_file("four_v2.json");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct component_ctx ctx = context(fiber_engine(), NULL);

		CHECK(catalog_load(&ctx, j, rows[i].pointer, TEAM) == NULL);
		REQUIRE(ctx.fault_count == 1);
		CHECK_STR(ctx.faults[0].text, rows[i].fault);
		CHECK_STR(ctx.faults[0].pointer, rows[i].at);
		component_ctx_finish(&ctx);
	}
	return 0;
}

static void pointers_into_a_file(void)
{
	agent_rig_run(pointer_body, NULL);
}

static void escapes_in_pointers(void)
{
	static const char text[] = "{\"a/b\":{\"c~d\":[0,{\"\":5}]}}";
	_auto_json_ struct json *j = json_parse(text, strlen(text), 1000, NULL);
	const struct json *found = catalog_pointer(j, "/a~1b/c~0d/1/", NULL);
	int64_t v = 0;

	REQUIRE(found != NULL);
	CHECK(json_int(found, &v) && v == 5);
	CHECK(catalog_pointer(j, "", NULL) == j);
}

/* A name stands in one floor: what runs is not also "not run". */
static void names_are_unique(void)
{
	size_t rows = 0;

	for (const struct component_class *const *const *f = catalog_floors; *f;
	     f++) {
		for (const struct component_class *const *c = *f; *c; c++) {
			struct component_ctx ctx = { .floors = catalog_floors };

			rows++;
			if (!CHECK(component_find(&ctx, (*c)->provider) == *c))
				tap_note("%s", (*c)->provider);
			CHECK((*c)->load ? (*c)->unref != NULL
					 : (*c)->not_run != NULL);
		}
	}
	CHECK(rows > 60);
}

/* The built-in pair loads, and its condition looks at the assistant only. */
static int pair_body(void *arg, struct err *err)
{
	_auto_json_ struct json *j =
		json_parse(catalog_pair, strlen(catalog_pair), 1 << 20, err);
	struct component_settings settings = { .model = "other",
					       .max_turns = 4 };
	struct component_ctx ctx = context(fiber_engine(), NULL);
	struct task *t;
	char *dump;

	REQUIRE(j != NULL);
	ctx.settings = &settings;
	ctx.getenv = with_a_key;
	t = catalog_load(&ctx, j, "", TEAM);
	for (size_t i = 0; i < ctx.fault_count; i++)
		tap_note("%s: %s", ctx.faults[i].pointer, ctx.faults[i].text);
	REQUIRE(t != NULL);
	dump = agent_rig_dump(t);
	CHECK(strstr(dump,
		     "\"text\":\"TERMINATE\",\"sources\":[\"assistant\"]"));
	CHECK(strstr(dump, "\"max_turns\":4"));
	CHECK(strstr(dump, "coop.executors.JailCodeExecutor"));
	CHECK(strstr(dump, "sk-test") == NULL);
	mem_free(dump);
	task_unref(t);
	component_ctx_finish(&ctx);
	return 0;
}

static void built_in_pair(void)
{
	agent_rig_run(pair_body, NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(four_assistants_of_version_1),
		TEST(four_assistants_of_version_2),
		TEST(every_fault_at_once),
		TEST(pointers_into_a_file),
		TEST(escapes_in_pointers),
		TEST(names_are_unique),
		TEST(built_in_pair),
		{ 0 }
	};

	return tap_main(tests, argc, argv);
}
