/* SPDX-License-Identifier: Apache-2.0 */
/* Loading, saving and ending a team of <coop/agents.h>; running is in
 * run_door.c. */
#include "agentlib/catalog/team_door.h"

#include "agentlib/catalog/agents_err.h"
#include "agentlib/catalog/catalog.h"
#include "agentlib/catalog/engine_door.h"
#include "agentlib/core/task.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (16 * 1024 * 1024)
#define STATE_MAX (256 * 1024 * 1024)
#define CLOSE_MS 5000

static const char *from_environment(const char *name)
{
	return getenv(name);
}

/* The first fault is the error; all of them go to the callback. */
static void tell_faults(const struct component_ctx *ctx,
			const struct coop_team_options *o, struct err *err)
{
	for (size_t i = 0; i < ctx->fault_count; i++) {
		const struct component_fault *f = &ctx->faults[i];

		if (o->fault)
			o->fault(o->arg, f->pointer, f->text, f->remedy);
	}
	if (!ctx->fault_count)
		return;
	err_set(err, ERR_INVALID, "%s", ctx->faults[0].text);
	err_field(err, "#%s", ctx->faults[0].pointer);
	if (*ctx->faults[0].remedy)
		err_try(err, "%s", ctx->faults[0].remedy);
}

static struct task *load_task(struct coop_engine *e, const struct json *root,
			      const struct coop_team_options *o,
			      struct err *err)
{
	struct component_settings settings = {
		.model = o->model,
		.base_url = o->base_url,
		.backend = o->backend,
		.profile = o->profile,
		.collect = o->collect,
		.files = o->files,
		.time_ms = o->block_time_ms,
		.max_turns = o->max_turns,
	};
	struct component_ctx ctx = {
		.engine = engine_door_engine(e),
		.http = engine_door_http(e, err),
		.floors = catalog_floors,
		.getenv = o->getenv ? o->getenv : from_environment,
		.notice = o->notice,
		.notice_arg = o->arg,
		.settings = &settings,
	};
	struct task *t;

	if (!ctx.http)
		return NULL;
	t = catalog_load(&ctx, root, o->pointer ? o->pointer : "",
			 COMPONENT_BIT(COMPONENT_TEAM) |
				 COMPONENT_BIT(COMPONENT_AGENT));
	tell_faults(&ctx, o, err);
	component_ctx_finish(&ctx);
	return t;
}

int coop_team_load(struct coop_team **out, struct coop_engine *e,
		   const char *json, const struct coop_team_options *o,
		   struct coop_err *err)
{
	static const struct coop_team_options none = { .size = sizeof(none) };
	struct err inner = { 0 };
	_auto_json_ struct json *root = json_parse(json, strlen(json), FILE_MAX,
						   &inner);
	struct task *task = NULL;

	if (root)
		task = load_task(e, root, o ? o : &none, &inner);
	if (!task)
		return agents_err(err, &inner);
	*out = mem_new(struct coop_team);
	(*out)->engine = e;
	(*out)->task = task;
	return 0;
}

/* On a fiber, whatever was cancelled before. */
static int close_team(void *arg, struct err *err)
{
	struct coop_team *t = arg;
	struct scope *shield = scope_shield(engine_door_engine(t->engine),
					    CLOSE_MS);
	int r;

	fiber_enter(shield);
	r = task_close(t->task, err);
	fiber_leave(shield);
	scope_unref(shield);
	return r;
}

void coop_team_destroy(struct coop_team *t)
{
	if (!t)
		return;
	engine_run(engine_door_engine(t->engine), "close", close_team, t, NULL);
	task_unref(t->task);
	mem_free(t);
}

const char *coop_team_builtin(void)
{
	return catalog_pair;
}

static int reset_team(void *arg, struct err *err)
{
	return task_reset(((struct coop_team *)arg)->task, err);
}

int coop_team_reset(struct coop_team *t, struct coop_err *err)
{
	struct err inner = { 0 };

	if (engine_run(engine_door_engine(t->engine), "reset", reset_team, t,
		       &inner) < 0)
		return agents_err(err, &inner);
	return 0;
}

char *coop_team_save(struct coop_team *t)
{
	struct json_writer w;
	struct buf out;
	char *text;

	buf_init(&out, STATE_MAX);
	jw_init(&w, &out);
	t->task->ops->save(t->task, &w);
	text = buf_take(&out);
	buf_finish(&out);
	return text;
}

int coop_team_restore(struct coop_team *t, const char *json,
		      struct coop_err *err)
{
	struct err inner = { 0 };
	_auto_json_ struct json *state = json_parse(json, strlen(json),
						    STATE_MAX, &inner);

	if (state && t->task->running)
		err_set(&inner, ERR_CONFLICT,
			"%s cannot be loaded while it "
			"runs",
			t->task->name);
	else if (state && t->task->ops->load(t->task, state, &inner) == 0)
		return 0;
	return agents_err(err, &inner);
}

char *coop_team_dump(struct coop_team *t)
{
	struct json_writer w;
	struct buf out;
	char *text;

	buf_init(&out, FILE_MAX);
	jw_init(&w, &out);
	component_dump(t->task->is_team ? COMPONENT_TEAM : COMPONENT_AGENT,
		       t->task, &w);
	text = buf_take(&out);
	buf_finish(&out);
	return text;
}
