/* SPDX-License-Identifier: Apache-2.0 */
/* The assistant: what it asks its model, what it emits, what it remembers. */
#include "agentlib/agent/assistant.h"

#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/mem.h"
#include "tests/agentlib/agent/agent_rig.h"
#include "tests/agentlib/agent/script.h"
#include "tests/tap.h"
#include <string.h>

struct pair {
	struct model *model;
	struct task *agent;
};

static struct pair make(const struct script_reply *replies, size_t count,
			const char *system, bool stream)
{
	struct pair p = { script_model(fiber_engine(), replies, count), NULL };
	struct assistant_options o = { .name = "anna",
				       .system = system,
				       .model = p.model,
				       .stream = stream };

	p.agent = assistant_create(fiber_engine(), &o);
	return p;
}

static void drop(struct pair *p)
{
	task_unref(p->agent);
	model_unref(p->model);
}

static int talks_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = {
		{ "hello" }, { "again", "let me see" }
	};
	struct pair p = make(replies, 2, "Be brief.", false);
	struct agent_rig_result r = agent_rig_task(p.agent, "hi");

	CHECK_STR(r.messages, "TextMessage user: hi\nTextMessage anna: "
			      "hello\n");
	CHECK_STR(r.seen, r.messages);
	CHECK_STR(script_model_request(p.model, 0),
		  "[{\"content\":\"Be brief.\",\"type\":\"SystemMessage\"},"
		  "{\"content\":\"hi\",\"source\":\"user\",\"type\":"
		  "\"UserMessage\"}]");
	agent_rig_finish(&r);
	r = agent_rig_task(p.agent, "more");
	CHECK_STR(r.messages, "TextMessage user: more\nThoughtEvent anna: let "
			      "me see\nTextMessage anna: again\n");
	CHECK(strstr(script_model_request(p.model, 1),
		     "{\"content\":\"hello\",\"thought\":null,\"source\":"
		     "\"anna\",\"type\":\"AssistantMessage\"}"));
	agent_rig_finish(&r);
	drop(&p);
	return 0;
}

static void talks(void)
{
	agent_rig_run(talks_body, NULL);
}

struct ids {
	char chunk[64], last[64];
	int chunks;
};

static int see_ids(void *arg, struct message *m, struct err *err)
{
	struct ids *ids = arg;

	if (m->type == MESSAGE_CHUNK) {
		str_copy(ids->chunk, sizeof(ids->chunk), m->full_message_id);
		ids->chunks++;
	}
	str_copy(ids->last, sizeof(ids->last), m->id);
	return 0;
}

static int streams_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = { { "hello you" },
						       { "hello you" } };
	struct pair p = make(replies, 2, NULL, true);
	struct agent_rig_result r = agent_rig_task(p.agent, "hi");
	struct task_result result = { 0 };
	struct ids ids = { 0 };
	struct sink sink = { see_ids, &ids };
	struct task_input in = { .sink = &sink };

	CHECK_STR(r.seen, "TextMessage user: hi\n"
			  "ModelClientStreamingChunkEvent anna: hell\n"
			  "ModelClientStreamingChunkEvent anna: o yo\n"
			  "ModelClientStreamingChunkEvent anna: u\n"
			  "TextMessage anna: hello you\n");
	CHECK_STR(r.messages, "TextMessage user: hi\nTextMessage anna: hello "
			      "you\n");
	agent_rig_finish(&r);
	CHECK_INT(task_run(p.agent, &in, &result, err), 0);
	CHECK_INT(ids.chunks, 3);
	CHECK_STR(ids.chunk, ids.last);
	task_result_finish(&result);
	drop(&p);
	return 0;
}

static void streams(void)
{
	agent_rig_run(streams_body, NULL);
}

/* A turn that failed is as if it had not been: the caller gives the same
 * messages again. */
static int fails_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = {
		{ NULL, NULL, 0, "no network" }, { "hello" }
	};
	struct pair p = make(replies, 2, NULL, false);
	char *before = agent_rig_state(p.agent), *after;
	struct agent_rig_result r = agent_rig_task(p.agent, "hi");

	CHECK_INT(r.rc, -ERR_UNAVAILABLE);
	CHECK_STR(r.err.text, "no network");
	CHECK_STR(r.messages, "TextMessage user: hi\n");
	after = agent_rig_state(p.agent);
	CHECK_STR(after, before);
	agent_rig_finish(&r);
	r = agent_rig_task(p.agent, "hi");
	CHECK_INT(r.rc, 0);
	CHECK_STR(script_model_request(p.model, 1),
		  "[{\"content\":\"hi\",\"source\":\"user\",\"type\":"
		  "\"UserMessage\"}]");
	agent_rig_finish(&r);
	mem_free(before);
	mem_free(after);
	drop(&p);
	return 0;
}

static void fails(void)
{
	agent_rig_run(fails_body, NULL);
}

static int cancelled_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = { { "late", NULL,
							 60000 } };
	struct pair p = make(replies, 1, NULL, false);
	struct scope *s = scope_create(fiber_engine(), NULL,
				       engine_in_ms(fiber_engine(), 100));
	struct agent_rig_result r;

	fiber_enter(s);
	r = agent_rig_task(p.agent, "hi");
	fiber_leave(s);
	CHECK_INT(r.rc, -ERR_DEADLINE);
	CHECK_STR(r.messages, "TextMessage user: hi\n");
	agent_rig_finish(&r);
	scope_unref(s);
	drop(&p);
	return 0;
}

static void cancelled(void)
{
	agent_rig_run(cancelled_body, NULL);
}

static int state_body(void *arg, struct err *err)
{
	static const char fresh[] =
		"{\"type\":\"AssistantAgentState\",\"version\":\"1.0.0\","
		"\"llm_context\":{\"messages\":[]}}";
	static const struct script_reply replies[] = { { "hello" } };
	struct pair p = make(replies, 1, NULL, false);
	struct pair q = make(replies, 1, NULL, false);
	struct agent_rig_result r = agent_rig_task(p.agent, "hi");
	char *state = agent_rig_state(p.agent), *copy;

	agent_rig_finish(&r);
	CHECK_STR(state, "{\"type\":\"AssistantAgentState\",\"version\":"
			 "\"1.0.0\",\"llm_context\":{\"messages\":["
			 "{\"content\":\"hi\",\"source\":\"user\",\"type\":"
			 "\"UserMessage\"},{\"content\":\"hello\",\"thought\":"
			 "null,\"source\":\"anna\",\"type\":"
			 "\"AssistantMessage\"}]}}");
	CHECK_INT(agent_rig_load(q.agent, state, err), 0);
	copy = agent_rig_state(q.agent);
	CHECK_STR(copy, state);
	mem_free(copy);
	CHECK(agent_rig_load(q.agent, "{\"llm_context\":{\"messages\":[{}]}}",
			     err) < 0);
	CHECK_STR(err->field, "/llm_context/messages/0/type");
	copy = agent_rig_state(q.agent);
	CHECK_STR(copy, state);
	mem_free(copy);
	CHECK_INT(task_reset(q.agent, err), 0);
	copy = agent_rig_state(q.agent);
	CHECK_STR(copy, fresh);
	mem_free(copy);
	mem_free(state);
	drop(&p);
	drop(&q);
	return 0;
}

static void state(void)
{
	agent_rig_run(state_body, NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(talks), TEST(streams),
						 TEST(fails), TEST(cancelled),
						 TEST(state), { 0 } };

	return tap_main(tests, argc, argv);
}
