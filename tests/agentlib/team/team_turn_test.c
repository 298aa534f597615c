/* SPDX-License-Identifier: Apache-2.0 */
/* Several speakers in one turn, by a kind of team that the test makes: all
 * participants speak in every turn. */
#include "agentlib/team/team_turn.h"

#include "agentlib/agent/assistant.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/team/team_state.h"
#include "agentlib/team/text_mention.h"
#include "executor/base/mem.h"
#include "tests/agentlib/agent/agent_rig.h"
#include "tests/agentlib/agent/script.h"
#include "tests/tap.h"
#include <string.h>

static int all_select(struct team *t, unsigned *next, struct err *err)
{
	for (unsigned i = 0; i < t->count; i++)
		next[i] = i;
	return (int)t->count;
}

static void all_reset(struct team *t)
{
}

static void all_destroy(struct team *t)
{
	mem_free(t);
}

static const struct team_ops all_ops = {
	.task = TEAM_TASK_OPS("tests.All"),
	.manager_name = "AllManager",
	.state_type = "AllManagerState",
	.select = all_select,
	.reset = all_reset,
	.destroy = all_destroy,
};

struct cast {
	struct model *models[2];
	struct task *team;
};

static struct cast make(const struct script_reply *anna,
			const struct script_reply *bert, size_t count,
			struct termination *end)
{
	struct cast c = { { script_model(fiber_engine(), anna, count),
			    script_model(fiber_engine(), bert, count) },
			  NULL };
	struct assistant_options a = { .name = "anna", .model = c.models[0] };
	struct assistant_options b = { .name = "bert", .model = c.models[1] };
	struct task *both[] = { assistant_create(fiber_engine(), &a),
				assistant_create(fiber_engine(), &b) };
	struct team_options o = { .name = "all",
				  .participants = both,
				  .count = 2,
				  .termination = end };
	struct team *t = mem_new(struct team);

	team_init(t, &all_ops, fiber_engine(), &o);
	task_unref(both[0]);
	task_unref(both[1]);
	termination_unref(end);
	c.team = &t->task;
	return c;
}

static void drop(struct cast *c)
{
	task_unref(c->team);
	model_unref(c->models[0]);
	model_unref(c->models[1]);
}

/* The one who answers first ends the run by what it says, although the other
 * answers last: conditions see the whole turn. */
static int together_body(void *arg, struct err *err)
{
	static const struct script_reply anna[] = { { "a1", NULL, 2000 },
						    { "a2", NULL, 10 } };
	static const struct script_reply bert[] = { { "b1", NULL, 1000 },
						    { "b2 DONE" } };
	struct cast c = make(anna, bert, 2,
			     text_mention_create("DONE", NULL, 0));
	uint64_t start = engine_now_ns(fiber_engine());
	struct agent_rig_result r = agent_rig_task(c.team, "go");

	CHECK_STR(r.seen, "TextMessage user: go\nTextMessage bert: b1\n"
			  "TextMessage anna: a1\nTextMessage bert: b2 DONE\n"
			  "TextMessage anna: a2\n");
	CHECK_STR(r.stop, "Text 'DONE' mentioned");
	/* At the same time: not 3 s. */
	CHECK(engine_now_ns(fiber_engine()) - start < 2500 * CLOCK_MS);
	CHECK(strstr(script_model_request(c.models[0], 1), "\"b1\""));
	CHECK(strstr(script_model_request(c.models[1], 1), "\"a1\""));
	agent_rig_finish(&r);
	drop(&c);
	return 0;
}

static void together(void)
{
	agent_rig_run(together_body, NULL);
}

/* One fails: the other is cancelled, nobody's unread messages are lost. */
static int one_fails_body(void *arg, struct err *err)
{
	static const struct script_reply anna[] = { { "late", NULL, 5000 },
						    { "a DONE" } };
	static const struct script_reply bert[] = { { NULL, NULL, 10, "down" },
						    { "b" } };
	struct cast c = make(anna, bert, 2,
			     text_mention_create("DONE", NULL, 0));
	struct agent_rig_result r = agent_rig_task(c.team, "go");

	CHECK_INT(r.rc, -ERR_UNAVAILABLE);
	CHECK_STR(r.err.text, "bert: down");
	CHECK_STR(r.messages, "TextMessage user: go\n");
	agent_rig_finish(&r);
	r = agent_rig_task(c.team, NULL);
	CHECK_INT(r.rc, 0);
	for (int i = 0; i < 2; i++)
		CHECK_STR(script_model_request(c.models[i], 1),
			  "[{\"content\":\"go\",\"source\":\"user\",\"type\":"
			  "\"UserMessage\"}]");
	agent_rig_finish(&r);
	drop(&c);
	return 0;
}

static void one_fails(void)
{
	agent_rig_run(one_fails_body, NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(together),
						 TEST(one_fails),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
