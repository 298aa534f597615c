/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of a team, as --state reads it: what loads is saved and loads
 * again the same; what does not load changes nothing.
 * fuzz-options: -max_len=8192
 */
#include "agentlib/team/team_state.h"

#include "agentlib/catalog/catalog.h"
#include "agentlib/core/component.h"
#include "agentlib/fiber/engine.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define REPLAY                                                                 \
	"{\"provider\":"                                                       \
	"\"autogen_ext.models.replay.ReplayChatCompletionClient\","            \
	"\"config\":{\"chat_completions\":[\"x\"]}}"
#define ASSISTANT(name)                                                        \
	"{\"provider\":\"autogen_agentchat.agents.AssistantAgent\","           \
	"\"config\":{\"name\":\"" name "\",\"model_client\":" REPLAY "}}"
#define TEAM(name, parts)                                                      \
	"{\"provider\":\"autogen_agentchat.teams.RoundRobinGroupChat\","       \
	"\"config\":{\"name\":\"" name "\",\"participants\":[" parts "]}}"

static const char team_file[] =
	TEAM("outer", ASSISTANT("a") "," TEAM("inner", ASSISTANT("b")));

static struct task *team;
static struct buf as_made;

static const char *environment(const char *name)
{
	return NULL;
}

static void save(struct buf *out)
{
	struct json_writer w;

	buf_init(out, SIZE_MAX);
	jw_init(&w, out);
	team_state_save(team, &w);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct component_ctx ctx = {
		.engine = engine_create(NULL, NULL),
		.floors = catalog_floors,
		.getenv = environment,
		.check_only = true,
	};
	struct json *j = json_parse(team_file, strlen(team_file), SIZE_MAX,
				    NULL);

	FUZZ_CHECK(ctx.engine && j);
	team = component_load(&ctx, j, NULL, COMPONENT_TEAM);
	if (ctx.fault_count)
		fuzz_fail(ctx.faults[0].text, ctx.faults[0].pointer, 0);
	json_destroy(j);
	save(&as_made);
	return 0;
}

/* Loads what save() wrote. */
static void put_back(const struct buf *text)
{
	struct json *j = fuzz_json(text);
	struct err err = { 0 };

	team_state_load(team, j, &err);
	FUZZ_SAME(err.text, "");
	json_destroy(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct json *j = json_parse(text, size, 1 << 20, NULL);
	struct err err = { 0 };
	struct buf first, second;

	if (j && team_state_load(team, j, &err) == 0) {
		save(&first);
		put_back(&as_made);
		put_back(&first);
		save(&second);
		FUZZ_SAME(second.data, first.data);
		put_back(&as_made);
		buf_finish(&first);
		buf_finish(&second);
	} else if (j) {
		fuzz_check_err(&err);
		save(&first);
		FUZZ_SAME(first.data, as_made.data);
		buf_finish(&first);
	}
	json_destroy(j);
	mem_free(text);
	return j ? 0 : -1;
}
