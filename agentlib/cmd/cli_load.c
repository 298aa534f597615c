/* SPDX-License-Identifier: Apache-2.0 */
/* Order of birth and death: engine, HTTP client, team; backwards at the end. */
#include "agentlib/cmd/cli_load.h"

#include "agentlib/catalog/catalog.h"
#include "agentlib/cmd/cli_options.h"
#include "agentlib/cmd/say.h"
#include "agentlib/core/component.h"
#include "agentlib/core/task.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http.h"
#include <stdlib.h>

#define CLOSE_MS 5000

static const char *from_environment(const char *name)
{
	return getenv(name);
}

/* Each as an error is told; pointers are too long for a struct err. */
static void tell_faults(const struct cli_source *s,
			const struct component_ctx *ctx)
{
	for (size_t i = 0; i < ctx->fault_count; i++) {
		const struct component_fault *f = &ctx->faults[i];

		if (s->fault)
			s->fault(s->arg, f->pointer, f->text);
		say_line("%s#%s: %s%s%s", s->file, f->pointer, f->text,
			 *f->remedy ? ". Try: " : "", f->remedy);
	}
}

/* To be checked may be any component; to be run only what takes a task. */
static unsigned wanted_types(const struct cli_source *s)
{
	return s->check_only ? ~0u
			     : COMPONENT_BIT(COMPONENT_TEAM) |
				       COMPONENT_BIT(COMPONENT_AGENT);
}

static void *load_object(struct cli_team *t, const struct cli_source *s,
			 const struct component_settings *settings)
{
	struct component_ctx ctx = {
		.engine = t->engine,
		.http = t->http,
		.floors = catalog_floors,
		.getenv = from_environment,
		.notice = s->notice,
		.notice_arg = s->arg,
		.check_only = s->check_only,
		.settings = settings,
	};
	const char *provider = json_string(json_get(s->node, "provider"));
	void *object;

	str_copy(ctx.pointer, sizeof(ctx.pointer), s->pointer);
	object = component_load_any(&ctx, s->node, NULL, wanted_types(s));
	tell_faults(s, &ctx);
	t->faults = (unsigned)ctx.fault_count;
	if (object && s->check_only)
		component_find(&ctx, provider)->unref(object);
	component_ctx_finish(&ctx);
	return object;
}

int cli_load(struct cli_team *t, const struct cli_source *s, struct err *err)
{
	const struct cli_options *o = s->options;
	_auto_free_ const char **files = mem_zero(o->files.count + 1,
						  sizeof(*files));
	struct component_settings settings = {
		.model = o->model,
		.base_url = o->base_url,
		.backend = o->backend,
		.profile = o->profile,
		.collect = o->collect,
		.files = files,
		.max_turns = o->max_turns,
	};

	void *object;

	for (size_t i = 0; i < o->files.count; i++)
		files[i] = o->files.items[i];
	*t = (struct cli_team){ .file = s->file };
	t->engine = engine_create(NULL, err);
	if (!t->engine)
		return -ERR_SYSTEM;
	t->http = http_create(engine_loop(t->engine), err);
	if (!t->http)
		return -ERR_UNAVAILABLE;
	object = load_object(t, s, &settings);
	if (object && !s->check_only)
		t->task = object;
	if (object)
		return 0;
	return err_set(err, ERR_INVALID, "%u faults in %s", t->faults, s->file);
}

/* Stops what the team started, whatever was cancelled before. */
static int close_task(void *arg, struct err *err)
{
	struct cli_team *t = arg;
	struct scope *shield = scope_shield(t->engine, CLOSE_MS);
	int rc;

	fiber_enter(shield);
	rc = task_close(t->task, err);
	fiber_leave(shield);
	scope_unref(shield);
	return rc;
}

void cli_unload(struct cli_team *t)
{
	struct err err = { 0 };

	if (t->task && engine_run(t->engine, "close", close_task, t, &err) < 0)
		say_error(&err);
	task_unref(t->task);
	http_destroy(t->http);
	engine_destroy(t->engine);
	*t = (struct cli_team){ .file = t->file };
}
