/* SPDX-License-Identifier: Apache-2.0 */
/* How a call in flight ends early: time limits, cancel, a sink that stops it. */
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "tests/support/model_world.h"
#include "tests/tap.h"

#include <string.h>

static void timeout(void)
{
	for (int stream = 0; stream < 2; stream++) {
		struct create_result r;
		struct err err = { 0 };
		struct model_world w;

		model_world_begin(&w, "[{\"reply\":\"late\","
				      "\"delay_ms\":60000}]");
		model_world_openai(&w, ",\"timeout\":0.1,\"max_retries\":0");
		CHECK_INT(model_world_ask(&w, stream, &r, &err), -ERR_DEADLINE);
		CHECK(strstr(err.text, "127.0.0.1"));
		model_world_end(&w);
	}
}

struct cancelling {
	struct model_world *world;
	struct scope *scope;
	struct wait asked;
	struct err err;
	int rc;
	bool ended;
};

static int first_chunk(void *arg, const char *text, size_t len, struct err *err)
{
	wait_wake(&((struct cancelling *)arg)->asked);
	return 0;
}

static void asker(void *arg)
{
	struct cancelling *c = arg;
	struct llm_message *m[] = { llm_text(LLM_USER, "user", "hi") };
	struct model_request req = { .messages = m,
				     .count = 1,
				     .stream = true,
				     .chunk = first_chunk,
				     .arg = c };
	struct create_result r = { 0 };

	fiber_enter(c->scope);
	c->rc = model_create(c->world->model, &req, &r, &c->err);
	c->ended = true;
	fiber_leave(c->scope);
	llm_unref(m[0]);
}

static int cancel_story(void *arg, struct err *err)
{
	struct cancelling *c = arg;
	struct group *g = group_create(c->world->engine, NULL);

	c->scope = scope_create(c->world->engine, NULL, DEADLINE_NEVER);
	wait_init(&c->asked, "the first piece");
	CHECK_INT(fiber_spawn(g, "asker", asker, c, err), 0);
	CHECK_INT(fiber_wait(&c->asked, DEADLINE_NEVER, err), 0);
	scope_cancel(c->scope, "the person left");
	CHECK_INT(group_wait(g, err), 0);
	CHECK(c->ended);
	group_destroy(g);
	scope_unref(c->scope);
	return 0;
}

static void cancel_closes_at_once(void)
{
	struct cancelling c = { 0 };
	struct model_world w;
	_auto_json_ struct json *line = NULL;

	model_world_begin(
		&w, "[{\"chunks\":[{\"data\":\"data: {\\\"choices\\\":[{"
		    "\\\"delta\\\":{\\\"content\\\":\\\"he\\\"}}]}\\n\\n\"},"
		    "{\"data\":\"x\",\"delay_ms\":60000}]},{\"reply\":\"\"}]");
	model_world_openai(&w, "");
	c.world = &w;
	CHECK_INT(engine_run(w.engine, "story", cancel_story, &c, NULL), 0);
	CHECK_INT(c.rc, -ERR_CANCELLED);
	CHECK_STR(c.err.text, "the person left");
	line = replay_server_log(&w.server, 1);
	CHECK(json_bool(json_get(line, "closed"), false));
	CHECK_INT(replay_server_count(&w.server), 1);
	model_world_end(&w);
}

static int cancel_backoff_story(void *arg, struct err *err)
{
	struct cancelling *c = arg;
	struct create_result r = { 0 };
	struct model_request req = { 0 };

	c->scope = scope_create(c->world->engine, NULL,
				engine_in_ms(c->world->engine, 1500));
	fiber_enter(c->scope);
	c->rc = model_create(c->world->model, &req, &r, &c->err);
	fiber_leave(c->scope);
	scope_unref(c->scope);
	return 0;
}

static void scope_ends_the_wait_between(void)
{
	struct cancelling c = { 0 };
	struct model_world w;

	model_world_begin(&w, "[{\"status\":503,\"headers\":{\"Retry-After\":"
			      "\"50\"}},{\"reply\":\"ok\"}]");
	model_world_openai(&w, "");
	c.world = &w;
	CHECK_INT(engine_run(w.engine, "story", cancel_backoff_story, &c, NULL),
		  0);
	CHECK_INT(c.rc, -ERR_DEADLINE);
	CHECK_INT(replay_server_count(&w.server), 1);
	model_world_end(&w);
}

static int stop(void *arg, const char *text, size_t len, struct err *err)
{
	return err_set(err, ERR_CONFLICT, "enough");
}

static int stop_story(void *arg, struct err *err)
{
	struct model_world *w = arg;
	struct create_result r = { 0 };
	struct model_request req = { .stream = true, .chunk = stop };

	return model_create(w->model, &req, &r, err);
}

static void sink_stops_the_call(void)
{
	struct err err = { 0 };
	struct model_world w;

	model_world_begin(&w, "[{\"repeat\":true,\"reply\":\"a b c\"}]");
	model_world_openai(&w, "");
	CHECK_INT(engine_run(w.engine, "story", stop_story, &w, &err),
		  -ERR_CONFLICT);
	CHECK_STR(err.text, "enough");
	CHECK_INT(replay_server_count(&w.server), 1);
	model_world_end(&w);
}

static void outside_of_fibers(void)
{
	struct create_result r = { 0 };
	struct model_request req = { 0 };
	struct err err = { 0 };
	struct model_world w;

	model_world_begin(&w, "[]");
	model_world_openai(&w, "");
	CHECK(model_create(w.model, &req, &r, &err) < 0);
	CHECK(err.text[0]);
	model_world_end(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(timeout),
		TEST(cancel_closes_at_once),
		TEST(scope_ends_the_wait_between),
		TEST(sink_stops_the_call),
		TEST(outside_of_fibers),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
