/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's functions of <coop/agents.h>. */
#include "agentlib/catalog/engine_door.h"

#include "agentlib/catalog/agents_err.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/net/http.h"

#define DUMP_MAX (16 * 1024 * 1024)
#define STEP_MS 100

struct coop_engine {
	struct engine *engine;
	struct http *http;
};

struct engine *engine_door_engine(struct coop_engine *e)
{
	return e->engine;
}

struct http *engine_door_http(struct coop_engine *e, struct err *err)
{
	if (!e->http)
		e->http = http_create(engine_loop(e->engine), err);
	return e->http;
}

int coop_engine_create(struct coop_engine **out,
		       const struct coop_engine_options *o,
		       struct coop_err *err)
{
	struct engine_options options = {
		.stack_size = o ? o->stack_size : 0,
		.fibers_max = o ? o->fibers_max : 0,
	};
	struct err inner = { 0 };
	struct engine *engine = engine_create(&options, &inner);

	if (!engine)
		return agents_err(err, &inner);
	*out = mem_new(struct coop_engine);
	(*out)->engine = engine;
	return 0;
}

/* Fibers that wait for a reply must end while their calls still exist. */
static void end_fibers(struct engine *e)
{
	scope_cancel(engine_root(e), "the engine ends");
	while (engine_fibers(e) > 0 &&
	       engine_step(e, deadline_in_ms(STEP_MS), NULL) == 0)
		;
}

void coop_engine_destroy(struct coop_engine *e)
{
	if (!e || fiber_self())
		return;
	end_fibers(e->engine);
	http_destroy(e->http);
	engine_destroy(e->engine);
	mem_free(e);
}

int coop_engine_fd(struct coop_engine *e)
{
	return engine_fd(e->engine);
}

int coop_engine_step(struct coop_engine *e, int timeout_ms,
		     struct coop_err *err)
{
	struct err inner = { 0 };
	struct deadline d = timeout_ms < 0
				    ? DEADLINE_NEVER
				    : deadline_in_ms((uint64_t)timeout_ms);

	if (engine_step(e->engine, d, &inner) < 0)
		return agents_err(err, &inner);
	return 0;
}

void coop_engine_post(struct coop_engine *e, void (*fn)(void *arg), void *arg)
{
	engine_post(e->engine, fn, arg);
}

char *coop_engine_dump(struct coop_engine *e)
{
	struct buf out;
	char *text;

	buf_init(&out, DUMP_MAX);
	engine_dump(e->engine, &out);
	text = buf_take(&out);
	buf_finish(&out);
	return text;
}
