/* SPDX-License-Identifier: Apache-2.0 */
/* <coop/agents.h> as a program uses it: real replayed models, JSON in and out. */
#include "agentlib/include/agentlib.h"

#include "tests/tap.h"
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLAY(name, replies)                                                   \
	"{\"provider\":\"autogen_agentchat.agents.AssistantAgent\",\"config\":" \
	"{\"name\":\"" name "\",\"model_client\":{\"provider\":"                \
	"\"autogen_ext.models.replay.ReplayChatCompletionClient\",\"config\":"  \
	"{\"chat_completions\":" replies "}}}}"
#define TEAM(participants, rest)                                               \
	"{\"provider\":\"autogen_agentchat.teams.RoundRobinGroupChat\","       \
	"\"config\":{\"participants\":[" participants "]" rest "}}"

static const char two[] =
	TEAM(REPLAY("anna", "[\"a1\",\"a2\",\"a3\"]") "," REPLAY(
		     "bert", "[\"b1\",\"b2\",\"b3\"]"),
	     ",\"max_turns\":2");

struct rig {
	struct coop_engine *engine;
	struct coop_team *team;
};

static struct rig make(const char *json)
{
	struct coop_err err;
	struct rig r = { 0 };

	REQUIRE(coop_engine_create(&r.engine, NULL, &err) == 0);
	if (coop_team_load(&r.team, r.engine, json, NULL, &err) < 0)
		tap_note("%s: %s", err.field, err.text);
	REQUIRE(r.team != NULL);
	return r;
}

static void drop(struct rig *r)
{
	coop_team_destroy(r->team);
	coop_engine_destroy(r->engine);
}

struct seen {
	char text[4096];
	struct rig *rig;
	int count, cancel_at, rc;
};

static int see(void *arg, const struct coop_team_event *e)
{
	struct seen *s = arg;
	size_t at = strlen(s->text);

	snprintf(s->text + at, sizeof(s->text) - at, "%s %s: %s\n", e->type,
		 e->source, e->text);
	CHECK(strstr(e->json, "\"models_usage\"") != NULL);
	CHECK_INT(strlen(e->json), e->json_len);
	if (++s->count == s->cancel_at)
		coop_team_cancel(s->rig->team, "enough");
	return 0;
}

static void runs_and_goes_on(void)
{
	struct rig r = make(two);
	struct seen s = { .rig = &r };
	struct coop_team_run_options o = { .size = sizeof(o),
					   .arg = &s,
					   .event = see };
	struct coop_team_result result;
	struct coop_err err;
	char *state, *again, *dump;

	REQUIRE(coop_team_run(r.team, "go", &o, &result, &err) == 0);
	CHECK_STR(s.text, "TextMessage user: go\nTextMessage anna: a1\n"
			  "TextMessage bert: b1\n");
	CHECK_STR(result.stop_reason, "Maximum number of turns 2 reached.");
	CHECK_INT(result.message_count, 3);
	CHECK_INT(result.completion_tokens, 2);
	CHECK(strstr(result.json, "\"stop_reason\":\"Maximum number of turns 2 "
				  "reached.\"}"));
	coop_team_result_finish(&result);
	state = coop_team_save(r.team);
	CHECK(coop_team_reset(r.team, &err) == 0);
	CHECK(coop_team_restore(r.team, state, &err) == 0);
	again = coop_team_save(r.team);
	CHECK_STR(again, state);
	CHECK(coop_team_restore(r.team, "{}", &err) < 0);
	CHECK_STR(err.name, "invalid_value");
	dump = coop_team_dump(r.team);
	CHECK(strstr(dump, "\"name\":\"anna\""));
	coop_free(state);
	coop_free(again);
	coop_free(dump);
	REQUIRE(coop_team_run(r.team, NULL, NULL, &result, &err) == 0);
	CHECK_INT(result.message_count, 2);
	coop_team_result_finish(&result);
	drop(&r);
}

static void cancel_in_the_middle(void)
{
	struct rig r = make(two);
	struct seen s = { .rig = &r, .cancel_at = 2 };
	struct coop_team_run_options o = { .size = sizeof(o),
					   .arg = &s,
					   .event = see };
	struct coop_team_result result;
	struct coop_err err;

	CHECK(coop_team_run(r.team, "go", &o, &result, &err) < 0);
	CHECK_STR(err.name, "cancelled");
	CHECK_STR(err.text, "enough");
	CHECK_INT(result.message_count, 2);
	coop_team_result_finish(&result);
	s = (struct seen){ .rig = &r };
	CHECK(coop_team_run(r.team, NULL, &o, &result, &err) == 0);
	CHECK_STR(s.text, "TextMessage bert: b1\nTextMessage anna: a2\n");
	coop_team_result_finish(&result);
	drop(&r);
}

/* A team that never ends and never waits still sees other threads and time. */
static const char endless[] =
	TEAM("{\"provider\":\"autogen_agentchat.agents.CodeExecutorAgent\","
	     "\"config\":{\"name\":\"term\",\"code_executor\":{\"provider\":"
	     "\"coop.executors.JailCodeExecutor\",\"config\":{}}}}",
	     "");

static void cancel_posted(void *arg)
{
	coop_team_cancel(((struct rig *)arg)->team, "from outside");
}

static void *post(void *arg)
{
	coop_engine_post(((struct rig *)arg)->engine, cancel_posted, arg);
	return NULL;
}

static int post_at_tenth(void *arg, const struct coop_team_event *e)
{
	struct seen *s = arg;
	pthread_t thread;

	if (++s->count == 10 &&
	    CHECK(pthread_create(&thread, NULL, post, s->rig) == 0))
		pthread_join(thread, NULL);
	return 0;
}

static void other_threads_can_cancel(void)
{
	struct rig r = make(endless);
	struct seen s = { .rig = &r };
	struct coop_team_run_options o = { .size = sizeof(o),
					   .arg = &s,
					   .event = post_at_tenth };
	struct coop_err err;

	CHECK(coop_team_run(r.team, "no code", &o, NULL, &err) < 0);
	CHECK_STR(err.text, "from outside");
	o = (struct coop_team_run_options){ .size = sizeof(o), .time_ms = 50 };
	CHECK(coop_team_run(r.team, "no code", &o, NULL, &err) < 0);
	CHECK_STR(err.name, "deadline");
	drop(&r);
}

static int listener_fails(void *arg, const struct coop_team_event *e)
{
	return -1;
}

static void listener_ends_it(void)
{
	struct rig r = make(two);
	struct coop_team_run_options o = { .size = sizeof(o),
					   .event = listener_fails };
	struct coop_err err;

	CHECK(coop_team_run(r.team, "go", &o, NULL, &err) < 0);
	CHECK_STR(err.name, "cancelled");
	drop(&r);
}

/* On a fiber: a team runs inside the event of another. */
struct inner {
	struct rig *rig;
	struct coop_team *other;
	int runs;
};

static int run_other(void *arg, const struct coop_team_event *e)
{
	struct inner *i = arg;
	struct coop_err err;

	if (i->runs++ == 0)
		CHECK(coop_team_run(i->other, "inner", NULL, NULL, &err) == 0);
	/* Its own team runs. */
	CHECK(coop_team_run(i->rig->team, "x", NULL, NULL, &err) < 0);
	CHECK_STR(err.name, "conflict");
	return 0;
}

static void works_on_a_fiber(void)
{
	struct rig r = make(two);
	struct inner i = { .rig = &r };
	struct coop_team_run_options o = { .size = sizeof(o),
					   .arg = &i,
					   .event = run_other };
	struct coop_err err;

	REQUIRE(coop_team_load(&i.other, r.engine, two, NULL, &err) == 0);
	CHECK(coop_team_run(r.team, "outer", &o, NULL, &err) == 0);
	CHECK_INT(i.runs, 3);
	coop_team_destroy(i.other);
	drop(&r);
}

struct callback {
	struct coop_team *team;
	char name[32];
};

static void run_in_callback(void *arg)
{
	struct callback *c = arg;
	struct coop_err err = { 0 };

	CHECK(coop_team_run(c->team, "go", NULL, NULL, &err) < 0);
	snprintf(c->name, sizeof(c->name), "%s", err.name);
}

static void refused_in_a_callback(void)
{
	struct rig r = make(two);
	struct callback c = { .team = r.team };
	struct pollfd p = { .fd = coop_engine_fd(r.engine), .events = POLLIN };
	struct coop_err err;
	char *dump;

	coop_engine_post(r.engine, run_in_callback, &c);
	CHECK_INT(poll(&p, 1, 10000), 1);
	for (int i = 0; i < 10 && !*c.name; i++)
		CHECK(coop_engine_step(r.engine, 1000, &err) == 0);
	CHECK_STR(c.name, "conflict");
	dump = coop_engine_dump(r.engine);
	CHECK(dump != NULL);
	coop_free(dump);
	drop(&r);
}

struct told {
	char text[2048];
};

static void fault(void *arg, const char *pointer, const char *text,
		  const char *remedy)
{
	struct told *t = arg;
	size_t at = strlen(t->text);

	snprintf(t->text + at, sizeof(t->text) - at, "%s: %s\n", pointer, text);
}

static const char gallery[] = "{\"teams\":[" TEAM(
	REPLAY("a b", "[\"x\"]") "," REPLAY("c", "5"), "") "]}";

static void faults_are_told(void)
{
	struct told t = { 0 };
	struct coop_team_options o = { .size = sizeof(o),
				       .pointer = "/teams/0",
				       .arg = &t,
				       .fault = fault };
	struct coop_engine *e;
	struct coop_team *team;
	struct coop_err err;

	REQUIRE(coop_engine_create(&e, NULL, &err) == 0);
	CHECK(coop_team_load(&team, e, gallery, &o, &err) < 0);
	CHECK_STR(err.field, "#/teams/0/config/participants/0/config/name");
	CHECK(strstr(t.text, "/teams/0/config/participants/0/config/name: "));
	CHECK(strstr(t.text, "/teams/0/config/participants/1/config/"
			     "model_client/config/chat_completions: "));
	CHECK(coop_team_load(&team, e, "{\"a\":", NULL, &err) < 0);
	CHECK_STR(err.name, "invalid_value");
	CHECK(coop_team_load(&team, e,
			     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
			     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
			     NULL, &err) < 0);
	coop_engine_destroy(e);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(runs_and_goes_on),         TEST(cancel_in_the_middle),
		TEST(other_threads_can_cancel), TEST(listener_ends_it),
		TEST(works_on_a_fiber),         TEST(refused_in_a_callback),
		TEST(faults_are_told),          { 0 }
	};

	return tap_main(tests, argc, argv);
}
