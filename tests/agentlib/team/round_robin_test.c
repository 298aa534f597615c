/* SPDX-License-Identifier: Apache-2.0 */
/* The round robin on the base engine: who reads what, how runs end, what
 * failure and cancel leave behind, state. */
#include "agentlib/team/round_robin.h"

#include "agentlib/agent/assistant.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "agentlib/team/max_message.h"
#include "agentlib/team/text_mention.h"
#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "tests/agentlib/agent/agent_rig.h"
#include "tests/agentlib/agent/script.h"
#include "tests/tap.h"
#include <string.h>

#define AGENTS 2

struct cast {
	struct model *models[AGENTS];
	struct task *team;
};

struct plan {
	const struct script_reply *replies[AGENTS];
	size_t counts[AGENTS];
	struct termination *termination; /* reference moves */
	int max_turns;
	bool events;
};

static struct task *assistant(const char *name, struct model *m)
{
	struct assistant_options o = { .name = name, .model = m };

	return assistant_create(fiber_engine(), &o);
}

static struct cast make(const struct plan *p)
{
	static const char *const names[] = { "anna", "bert" };
	struct task *agents[AGENTS];
	struct team_options o = { .participants = agents,
				  .count = AGENTS,
				  .termination = p->termination,
				  .max_turns = p->max_turns,
				  .emit_team_events = p->events };
	struct cast c;

	for (int i = 0; i < AGENTS; i++) {
		c.models[i] = script_model(fiber_engine(), p->replies[i],
					   p->counts[i]);
		agents[i] = assistant(names[i], c.models[i]);
	}
	c.team = round_robin_create(fiber_engine(), &o);
	for (int i = 0; i < AGENTS; i++)
		task_unref(agents[i]);
	termination_unref(p->termination);
	return c;
}

static void drop(struct cast *c)
{
	task_unref(c->team);
	for (int i = 0; i < AGENTS; i++)
		model_unref(c->models[i]);
}

static const struct script_reply from_anna[] = { { "a1" }, { "a2" }, { "a3" } };
static const struct script_reply from_bert[] = { { "b1" }, { "b2" }, { "b3" } };
#define PLAIN                                                                  \
	{ from_anna, from_bert },                                              \
	{                                                                      \
		3, 3                                                           \
	}

static int order_body(void *arg, struct err *err)
{
	struct plan p = { PLAIN, max_message_create(4, false), 0, true };
	struct cast c = make(&p);
	struct agent_rig_result r = agent_rig_task(c.team, "go");

	CHECK_STR(r.seen,
		  "TextMessage user: go\n"
		  "SelectSpeakerEvent RoundRobinGroupChatManager: ['anna']\n"
		  "TextMessage anna: a1\n"
		  "SelectSpeakerEvent RoundRobinGroupChatManager: ['bert']\n"
		  "TextMessage bert: b1\n"
		  "SelectSpeakerEvent RoundRobinGroupChatManager: ['anna']\n"
		  "TextMessage anna: a2\n");
	CHECK_STR(r.messages, r.seen);
	CHECK_STR(r.stop, "Maximum number of messages 4 reached, current "
			  "message count: 4");
	/* Only what is new, without its own. */
	CHECK_STR(script_model_request(c.models[0], 1),
		  "[{\"content\":\"go\",\"source\":\"user\",\"type\":"
		  "\"UserMessage\"},{\"content\":\"a1\",\"thought\":null,"
		  "\"source\":\"anna\",\"type\":\"AssistantMessage\"},"
		  "{\"content\":\"b1\",\"source\":\"bert\",\"type\":"
		  "\"UserMessage\"}]");
	agent_rig_finish(&r);
	/* The order goes on, the count begins anew. */
	r = agent_rig_task(c.team, NULL);
	CHECK(strstr(r.messages, "TextMessage bert: b2\n"));
	CHECK(strstr(r.messages, "TextMessage anna: a3\n"));
	CHECK(r.rc < 0);
	CHECK_STR(r.err.text, "anna: no more replies");
	agent_rig_finish(&r);
	drop(&c);
	return 0;
}

static void order(void)
{
	agent_rig_run(order_body, NULL);
}

static int ends_body(void *arg, struct err *err)
{
	struct plan turns = { PLAIN, NULL, 2, false };
	struct plan task = { PLAIN, text_mention_create("STOP", NULL, 0), 0,
			     false };
	struct cast c = make(&turns);
	struct agent_rig_result r = agent_rig_task(c.team, "go");

	CHECK_STR(r.stop, "Maximum number of turns 2 reached.");
	CHECK_STR(r.messages, "TextMessage user: go\nTextMessage anna: "
			      "a1\nTextMessage bert: b1\n");
	agent_rig_finish(&r);
	drop(&c);
	/* The task itself may fire. */
	c = make(&task);
	r = agent_rig_task(c.team, "STOP here");
	CHECK_STR(r.stop, "Text 'STOP' mentioned");
	CHECK_STR(r.messages, "TextMessage user: STOP here\n");
	agent_rig_finish(&r);
	drop(&c);
	return 0;
}

static void ends(void)
{
	agent_rig_run(ends_body, NULL);
}

/* Upstream, a failed or cancelled speaker poisons the team for ever. */
static int again_body(void *arg, struct err *err)
{
	static const struct script_reply anna[] = { { "a1" }, { "a2" } };
	static const struct script_reply bert[] = { { NULL, NULL, 0, "down" },
						    { "never", NULL, 60000 },
						    { "b1" } };
	struct plan p = { { anna, bert }, { 2, 3 }, NULL, 2, false };
	struct cast c = make(&p);
	struct scope *s = scope_create(fiber_engine(), NULL, DEADLINE_NEVER);
	struct agent_rig_result r = agent_rig_task(c.team, "go");

	CHECK_INT(r.rc, -ERR_UNAVAILABLE);
	CHECK_STR(r.err.text, "bert: down");
	CHECK_STR(r.messages, "TextMessage user: go\nTextMessage anna: a1\n");
	agent_rig_finish(&r);
	/* Bert's turn still, and in the middle of it the run is cancelled. */
	scope_unref(s);
	s = scope_create(fiber_engine(), NULL,
			 engine_in_ms(fiber_engine(), 1000));
	fiber_enter(s);
	r = agent_rig_task(c.team, "more");
	fiber_leave(s);
	CHECK_INT(r.rc, -ERR_DEADLINE);
	CHECK_STR(r.messages, "TextMessage user: more\n");
	agent_rig_finish(&r);
	r = agent_rig_task(c.team, NULL);
	CHECK_INT(r.rc, 0);
	CHECK_STR(r.messages, "TextMessage bert: b1\nTextMessage anna: a2\n");
	CHECK_STR(r.stop, "Maximum number of turns 2 reached.");
	CHECK_STR(script_model_request(c.models[1], 2),
		  "[{\"content\":\"go\",\"source\":\"user\",\"type\":"
		  "\"UserMessage\"},{\"content\":\"a1\",\"source\":\"anna\","
		  "\"type\":\"UserMessage\"},{\"content\":\"more\",\"source\":"
		  "\"user\",\"type\":\"UserMessage\"}]");
	agent_rig_finish(&r);
	scope_unref(s);
	drop(&c);
	return 0;
}

static void runs_again_after_failure(void)
{
	agent_rig_run(again_body, NULL);
}

/* What AutoGen 0.7.5 wrote for the same conversation, ids and times cut. */
static const char their_state[] =
	"{\"type\":\"TeamState\",\"version\":\"1.0.0\",\"agent_states\":{"
	"\"anna\":{\"type\":\"ChatAgentContainerState\",\"version\":\"1.0.0\","
	"\"agent_state\":{\"type\":\"AssistantAgentState\",\"version\":"
	"\"1.0.0\",\"llm_context\":{\"messages\":[{\"content\":\"go\","
	"\"source\":\"user\",\"type\":\"UserMessage\"},{\"content\":\"a1\","
	"\"thought\":null,\"source\":\"anna\",\"type\":\"AssistantMessage\"}]}}"
	",\"message_buffer\":[*\"content\":\"b1\",\"type\":\"TextMessage\"}]},"
	"\"bert\":{\"type\":\"ChatAgentContainerState\",\"version\":\"1.0.0\","
	"\"agent_state\":{\"type\":\"AssistantAgentState\",\"version\":"
	"\"1.0.0\",\"llm_context\":{\"messages\":[{\"content\":\"go\","
	"\"source\":\"user\",\"type\":\"UserMessage\"},{\"content\":\"a1\","
	"\"source\":\"anna\",\"type\":\"UserMessage\"},{\"content\":\"b1\","
	"\"thought\":null,\"source\":\"bert\",\"type\":\"AssistantMessage\"}]}}"
	",\"message_buffer\":[]},\"RoundRobinGroupChatManager\":{\"type\":"
	"\"RoundRobinManagerState\",\"version\":\"1.0.0\",\"message_thread\":["
	"*\"content\":\"go\",\"type\":\"TextMessage\"},*\"content\":\"a1\","
	"\"type\":\"TextMessage\"},*\"content\":\"b1\",\"type\":"
	"\"TextMessage\"}],\"current_turn\":0,\"next_speaker_index\":0}}}";

/* Replaces the head of each message (id to created_at) by a star. */
static char *without_heads(const char *text)
{
	struct buf b;
	char *out;

	buf_init(&b, 1 << 20);
	while (*text) {
		const char *end = strstr(text, "Z\",\"content\"");

		if (str_starts(text, "{\"id\":") && end) {
			buf_putc(&b, '*');
			text = end + 3;
		} else {
			buf_putc(&b, *text++);
		}
	}
	out = buf_take(&b);
	buf_finish(&b);
	return out;
}

static int state_body(void *arg, struct err *err)
{
	struct plan p = { PLAIN, NULL, 2, false };
	struct cast c = make(&p), d = make(&p);
	struct agent_rig_result r = agent_rig_task(c.team, "go");
	char *state = agent_rig_state(c.team), *cut = without_heads(state);
	char *copy;

	CHECK_STR(cut, their_state);
	agent_rig_finish(&r);
	CHECK_INT(agent_rig_load(d.team, state, err), 0);
	copy = agent_rig_state(d.team);
	CHECK_STR(copy, state);
	mem_free(copy);
	/* Wrong at its end: nothing of it stays. */
	CHECK_INT(task_reset(c.team, err), 0);
	mem_free(cut);
	cut = agent_rig_state(c.team);
	strstr(state, "next_speaker_index\":0")[20] = '9';
	CHECK(agent_rig_load(c.team, state, err) < 0);
	CHECK_STR(err->field, "/agent_states/RoundRobinGroupChatManager/"
			      "next_speaker_index");
	copy = agent_rig_state(c.team);
	CHECK_STR(copy, cut);
	mem_free(copy);
	CHECK(agent_rig_load(c.team, "{\"agent_states\":{}}", err) < 0);
	CHECK_STR(err->text,
		  "Agent state for anna not found in the saved state.");
	mem_free(cut);
	mem_free(state);
	drop(&c);
	drop(&d);
	return 0;
}

static void state(void)
{
	agent_rig_run(state_body, NULL);
}

/* A team in a team: its messages are the outer one's, its task is not. */
static int nested_body(void *arg, struct err *err)
{
	static const struct script_reply carl[] = { { "c1" } };
	struct plan p = { PLAIN, NULL, 2, false };
	struct cast inner = make(&p);
	struct model *m = script_model(fiber_engine(), carl, 1);
	struct task *both[] = { inner.team, assistant("carl", m) };
	struct team_options o = { .name = "outer",
				  .participants = both,
				  .count = 2,
				  .max_turns = 2 };
	struct task *outer = round_robin_create(fiber_engine(), &o);
	struct agent_rig_result r = agent_rig_task(outer, "go");
	char *text;

	CHECK_STR(r.messages, "TextMessage user: go\nTextMessage anna: a1\n"
			      "TextMessage bert: b1\nTextMessage carl: c1\n");
	CHECK_STR(r.seen, r.messages);
	CHECK_STR(script_model_request(m, 0),
		  "[{\"content\":\"go\",\"source\":\"user\",\"type\":"
		  "\"UserMessage\"},{\"content\":\"a1\",\"source\":\"anna\","
		  "\"type\":\"UserMessage\"},{\"content\":\"b1\",\"source\":"
		  "\"bert\",\"type\":\"UserMessage\"}]");
	agent_rig_finish(&r);
	text = agent_rig_state(outer);
	CHECK_INT(agent_rig_load(outer, text, err), 0);
	mem_free(text);
	text = agent_rig_dump(outer);
	CHECK(strstr(text, "\"component_type\":\"team\""));
	mem_free(text);
	task_unref(outer);
	task_unref(both[1]);
	model_unref(m);
	drop(&inner);
	return 0;
}

static void nested(void)
{
	agent_rig_run(nested_body, NULL);
}

struct stopper {
	struct task *team;
	int seen;
};

static int stop_at_second(void *arg, struct message *m, struct err *err)
{
	struct stopper *s = arg;
	struct task_result none = { 0 };
	struct task_input in = { 0 };

	if (++s->seen == 2) {
		team_stop((struct team *)s->team);
		/* It runs; another run is refused. */
		CHECK_INT(task_run(s->team, &in, &none, err), -ERR_CONFLICT);
		CHECK_INT(task_reset(s->team, err), -ERR_CONFLICT);
	}
	return 0;
}

static int stop_body(void *arg, struct err *err)
{
	struct plan p = { PLAIN, NULL, 0, false };
	struct cast c = make(&p);
	struct stopper s = { c.team, 0 };
	struct sink sink = { stop_at_second, &s };
	struct task_input in = { .sink = &sink };
	struct task_result out = { 0 };

	CHECK_INT(task_run(c.team, &in, &out, err), 0);
	CHECK_STR(out.stop_reason, "External termination requested");
	CHECK_INT(out.messages.count, 2);
	task_result_finish(&out);
	drop(&c);
	return 0;
}

static void stops_when_told(void)
{
	agent_rig_run(stop_body, NULL);
}

static int refuse(void *arg, struct message *m, struct err *err)
{
	return err_set(err, ERR_SYSTEM, "disk full");
}

static int sink_body(void *arg, struct err *err)
{
	struct plan p = { PLAIN, NULL, 1, false };
	struct cast c = make(&p);
	struct sink sink = { refuse, NULL };
	struct task_input in = { .sink = &sink };
	struct task_result out = { 0 };
	struct agent_rig_result r;

	CHECK_INT(task_run(c.team, &in, &out, err), -ERR_SYSTEM);
	CHECK_INT(out.messages.count, 1);
	task_result_finish(&out);
	r = agent_rig_task(c.team, NULL);
	CHECK_STR(r.messages, "TextMessage anna: a2\n");
	agent_rig_finish(&r);
	drop(&c);
	return 0;
}

static void sink_can_end_it(void)
{
	agent_rig_run(sink_body, NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(order),
						 TEST(ends),
						 TEST(runs_again_after_failure),
						 TEST(state),
						 TEST(nested),
						 TEST(stops_when_told),
						 TEST(sink_can_end_it),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
