/* SPDX-License-Identifier: Apache-2.0 */
/* Agents, requests, publications, start and stop, state: the rules one by one. */
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "tests/agentlib/core/runtime_rig.h"
#include <string.h>

static void idle(struct runtime_rig *r)
{
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
	CHECK_INT(runtime_pending(r->rt), 0);
	CHECK_INT(runtime_start(r->rt, NULL), 0);
}

static void requests_body(struct runtime_rig *r)
{
	struct request q = { .to = { "a", "x/y" } };
	struct payload *answer = NULL;
	struct err err;

	q.payload = payload_json("Words", "=one");
	CHECK_INT(runtime_send(r->rt, &q, &answer, &err), 0);
	REQUIRE(answer != NULL);
	CHECK_STR(answer->type, "Done");
	payload_unref(answer);
	payload_unref(q.payload);
	CHECK_INT(runtime_rig_ask(r, "a/x", "=two s5 =three"), 0);
	CHECK_STR(r->trace.data, "one two three ");
	CHECK_INT(r->made, 2);
	/* a handler's error is the sender's, as it was */
	CHECK_INT(runtime_rig_ask(r, "a/x", "f3"), -3);
	CHECK_INT(runtime_rig_ask(r, "a/x", ">b/x(f5)"), -5);
	CHECK_INT(runtime_rig_ask(r, "nobody/x", "=x"), -ERR_NOT_FOUND);
	CHECK_INT(runtime_rig_ask(r, "a/unmakable", "=x"), -ERR_UNAVAILABLE);
	CHECK_STR(r->events.data, "MessageHandlerException:direct "
				  "MessageHandlerException:direct "
				  "MessageHandlerException:direct "
				  "AgentConstructionException:direct ");
}

static void requests_are_answered(void)
{
	runtime_rig_run(NULL, requests_body);
}

static void publications_body(struct runtime_rig *r)
{
	struct subscription twice = { .topic_type = "news", .agent_type = "a" };
	struct subscription prefix = { SUBSCRIPTION_PREFIX, "ne", "a", NULL };
	struct publication p = { 0 };
	const char *id = runtime_rig_listen(r, "news", "a");
	struct err err;

	CHECK(runtime_subscribe(r->rt, &twice, &err) == NULL);
	CHECK_INT(err.code, ERR_CONFLICT);
	/* two that overlap deliver once */
	CHECK(runtime_subscribe(r->rt, &prefix, NULL) != NULL);
	runtime_rig_listen(r, "news", "b");
	runtime_rig_listen(r, "news", "unregistered");
	CHECK_INT(runtime_rig_publish(r, "news/k", "=n"), 0);
	idle(r);
	CHECK_STR(r->trace.data, "n n ");
	CHECK_INT(runtime_agents(r->rt), 2);
	CHECK_STR(r->events.data, "MessageDropped:publish ");
	/* nobody listens */
	CHECK_INT(runtime_rig_publish(r, "silence/k", "=n"), 0);
	/* the direct topic of every type */
	CHECK_INT(runtime_rig_publish(r, "c:anything/k", "=direct"), 0);
	/* never to the sender; errors are told to the observer only */
	CHECK_INT(runtime_rig_ask(r, "a/k", "@news/k(=from f3)"), 0);
	idle(r);
	CHECK_STR(r->trace.data, "n n direct from ");
	CHECK(strstr(r->events.data, "MessageHandlerException:publish ") !=
	      NULL);
	CHECK_INT(runtime_unsubscribe(r->rt, id, NULL), 0);
	CHECK_INT(runtime_rig_publish(r, "bad type/k", "=n"), -ERR_INVALID);
	/* default topic: from outside "default/default" */
	runtime_rig_listen(r, NULL, "d");
	p.payload = payload_json("Words", "=default");
	CHECK_INT(runtime_publish(r->rt, &p, NULL), 0);
	payload_unref(p.payload);
	idle(r);
	CHECK(runtime_find(r->rt, &(struct agent_id){ "d", "default" }, NULL));
	CHECK(strstr(r->trace.data, "from default ") != NULL);
}

static void publications_reach_each_once(void)
{
	runtime_rig_run(NULL, publications_body);
}

static void agents_body(struct runtime_rig *r)
{
	struct agent_type again = { "a", &runtime_actor_class, r, false };
	struct agent_type bad = { "a b", &runtime_actor_class, r, false };
	struct agent_id one = { "live", "1" }, two = { "live", "2" };
	struct agent_id made = { "a", "1" };
	struct runtime_actor *live = mem_new(struct runtime_actor);
	const char *about = NULL;
	void *state = NULL;

	live->rig = r;
	CHECK_INT(runtime_register(r->rt, &again, NULL), -ERR_CONFLICT);
	CHECK_INT(runtime_register(r->rt, &bad, NULL), -ERR_INVALID);
	CHECK_INT(runtime_add_instance(r->rt, &made, &runtime_actor_class, live,
				       NULL),
		  -ERR_CONFLICT);
	CHECK_INT(runtime_add_instance(r->rt, &one, &runtime_actor_class, live,
				       NULL),
		  0);
	CHECK_INT(runtime_add_instance(r->rt, &one, &runtime_actor_class, live,
				       NULL),
		  -ERR_CONFLICT);
	CHECK_INT(runtime_add_instance(r->rt, &two, &runtime_loose_class, live,
				       NULL),
		  -ERR_CONFLICT);
	r->made++; /* ours */
	CHECK_INT(runtime_rig_ask(r, "live/1", "=live"), 0);
	CHECK_INT(runtime_rig_ask(r, "live/2", "=live"), -ERR_NOT_FOUND);
	CHECK_INT(runtime_instance(r->rt, &one, NULL, &state, NULL), 0);
	CHECK(state == live);
	CHECK_INT(runtime_instance(r->rt, &one, &runtime_loose_class, &state,
				   NULL),
		  -ERR_INVALID);
	CHECK_INT(runtime_instance(r->rt, &two, NULL, &state, NULL),
		  -ERR_NOT_FOUND);
	CHECK_INT(runtime_instance(r->rt, &made, &runtime_actor_class, &state,
				   NULL),
		  0);
	CHECK(runtime_find(r->rt, &made, &about));
	CHECK_STR(about, "does what it is told");
	CHECK(!runtime_find(r->rt, &two, NULL));
	CHECK_INT(runtime_close(r->rt, NULL), 0);
	CHECK_STR(r->trace.data, "live closed closed ");
}

static void agents_are_made_or_given(void)
{
	runtime_rig_run(NULL, agents_body);
}

static void lifecycle_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);
	int rc[3] = { 1, 1, 1 };

	CHECK_INT(runtime_start(r->rt, NULL), -ERR_CONFLICT);
	/* stop cancels what runs and drops what waits */
	runtime_rig_ask_later(r, g, "a/x =run s1000 =never", &rc[0]);
	runtime_rig_ask_later(r, g, "a/x =queued", &rc[1]);
	CHECK_INT(fiber_sleep(1, NULL), 0);
	CHECK_INT(runtime_pending(r->rt), 2);
	CHECK_INT(runtime_stop(r->rt, NULL), 0);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_INT(rc[0], -ERR_CANCELLED);
	CHECK_INT(rc[1], -ERR_CANCELLED);
	CHECK_STR(r->trace.data, "run ");
	CHECK_INT(runtime_stop(r->rt, NULL), -ERR_CONFLICT);
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), -ERR_CONFLICT);
	/* what is sent meanwhile waits for the start */
	runtime_rig_ask_later(r, g, "a/x =later", &rc[2]);
	CHECK_INT(fiber_sleep(1, NULL), 0);
	CHECK_INT(rc[2], 1);
	CHECK_INT(runtime_start(r->rt, NULL), 0);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_INT(rc[2], 0);
	CHECK_INT(runtime_rig_publish(r, "a:x/1", "s50 =idle"), 0);
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
	CHECK_STR(r->trace.data, "run later idle ");
	/* left for runtime_destroy() to drop */
	CHECK_INT(runtime_rig_publish(r, "a:x/1", "=never"), 0);
	group_destroy(g);
}

static void starts_stops_and_waits(void)
{
	runtime_rig_run(NULL, lifecycle_body);
}

static void stop_on_error_body(struct runtime_rig *r)
{
	struct err err = { 0 };

	runtime_rig_publish(r, "a:x/1", "f4 =never");
	CHECK_INT(runtime_stop_when_idle(r->rt, &err), -4);
	CHECK_STR(err.text, "told to fail");
	CHECK_INT(runtime_start(r->rt, NULL), 0);
	CHECK_INT(runtime_rig_ask(r, "a/1", "f4"), -4); /* the sender's own */
	CHECK_INT(runtime_stop(r->rt, NULL), 0);
}

static void an_error_stops_it_if_asked(void)
{
	struct runtime_options o = { .stop_on_error = true };

	runtime_rig_run(&o, stop_on_error_body);
}

static void state_body(struct runtime_rig *r)
{
	struct agent_id id = { "a", "k/1" }, other = { "o", "x" };
	struct runtime_actor *a;
	struct json_writer w;
	struct json *j;
	struct buf b;
	void *state;
	struct err err;
	const char *text = "{\"b/1\":{\"saved\":\"B\"},\"gone/1\":{}}";

	REQUIRE(runtime_instance(r->rt, &id, NULL, &state, NULL) == 0);
	a = state;
	memcpy(a->saved, "A", 2);
	REQUIRE(runtime_instance(r->rt, &other, NULL, NULL, NULL) == 0);
	buf_init(&b, 4096);
	jw_init(&w, &b);
	runtime_save(r->rt, &w);
	CHECK_STR(b.data, "{\"a/k/1\":{\"saved\":\"A\"},\"o/x\":{}}");
	a->saved[0] = '\0';
	j = json_parse(b.data, b.len, 4096, &err);
	CHECK_INT(runtime_load(r->rt, j, &err), 0);
	CHECK_STR(a->saved, "A");
	json_destroy(j);
	j = json_parse(text, strlen(text), 4096, &err);
	CHECK_INT(runtime_load(r->rt, j, &err), 0);
	CHECK_INT(runtime_agents(r->rt), 3);
	json_destroy(j);
	j = json_parse("{\"b/1\":{}}", 10, 4096, &err);
	CHECK_INT(runtime_load(r->rt, j, &err), -ERR_INVALID);
	CHECK_STR(err.field, "b/1");
	json_destroy(j);
	buf_finish(&b);
}

static void state_is_saved_by_id(void)
{
	runtime_rig_run(NULL, state_body);
}

static void limits_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);
	int rc[3];

	for (int i = 0; i < 3; i++)
		runtime_rig_ask_later(r, g, "a/x s10", &rc[i]);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_INT(rc[0] + rc[1], 0);
	CHECK_INT(rc[2], -ERR_QUEUE_FULL);
	CHECK_INT(runtime_rig_ask(r, "a/y", "=x"), 0);
	CHECK_INT(runtime_rig_ask(r, "a/z", "=x"), -ERR_TOO_LARGE);
	group_destroy(g);
}

static void there_are_limits(void)
{
	struct runtime_options o = { .agents_max = 2, .messages_max = 2 };

	runtime_rig_run(&o, limits_body);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(requests_are_answered),
		TEST(publications_reach_each_once),
		TEST(agents_are_made_or_given),
		TEST(starts_stops_and_waits),
		TEST(an_error_stops_it_if_asked),
		TEST(state_is_saved_by_id),
		TEST(there_are_limits),
		{ 0 }
	};

	return tap_main(tests, argc, argv);
}
