/* SPDX-License-Identifier: Apache-2.0 */
/* Running a team of <coop/agents.h>. */
#include "agentlib/catalog/agents_err.h"
#include "agentlib/catalog/engine_door.h"
#include "agentlib/catalog/team_door.h"
#include "agentlib/core/task.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "agentlib/team/team_engine.h"
#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

#define RESULT_MAX (1024UL * 1024 * 1024)

struct run {
	struct coop_team *team;
	const char *task;
	const struct coop_team_run_options *o;
	struct task_result result;
};

/* The buffers are of this call: speakers of one turn may emit at the same time
 * when the listener waits. */
static int on_event(void *arg, struct message *m, struct err *err)
{
	const struct run *r = arg;
	struct coop_team_event e = {
		.type = message_type_name(m->type),
		.source = m->source,
	};
	struct buf json, text;
	struct json_writer w;
	int rc;

	buf_init(&json, RESULT_MAX);
	buf_init(&text, RESULT_MAX);
	jw_init(&w, &json);
	message_write(m, &w);
	message_text(m, &text);
	e.text = text.data;
	e.json = json.data;
	e.json_len = json.len;
	rc = r->o->event(r->o->arg, &e);
	buf_finish(&json);
	buf_finish(&text);
	if (rc == 0)
		return 0;
	return err_set(err, ERR_CANCELLED, "the listener ended the run");
}

static int run_task(struct run *r, struct err *err)
{
	struct sink sink = { on_event, r };
	struct message *m = r->task ? message_new(MESSAGE_TEXT, "user", r->task)
				    : NULL;
	struct task_input in = {
		.messages = &m,
		.count = m ? 1 : 0,
		.sink = r->o && r->o->event ? &sink : NULL,
		.echo = true,
	};
	int rc = task_run(r->team->task, &in, &r->result, err);

	message_unref(m);
	return rc;
}

static int run_on_fiber(void *arg, struct err *err)
{
	struct run *r = arg;
	struct coop_team *t = r->team;
	struct engine *e = engine_door_engine(t->engine);
	uint64_t ms = r->o ? r->o->time_ms : 0;
	int rc;

	if (t->scope)
		return err_set(err, ERR_CONFLICT, "%s is running already",
			       t->task->name);
	t->scope = scope_create(e, fiber_scope(),
				ms ? engine_in_ms(e, ms) : DEADLINE_NEVER);
	fiber_enter(t->scope);
	rc = run_task(r, err);
	fiber_leave(t->scope);
	scope_unref(mem_take(t->scope));
	return rc;
}

static char *result_json(const struct task_result *r)
{
	struct json_writer w;
	struct buf out;
	char *text;

	buf_init(&out, RESULT_MAX);
	jw_init(&w, &out);
	jw_object(&w);
	jw_key(&w, "messages");
	jw_array(&w);
	for (size_t i = 0; i < r->messages.count; i++)
		message_write(r->messages.items[i], &w);
	jw_end_array(&w);
	jw_kstring(&w, "stop_reason", r->stop_reason);
	jw_end_object(&w);
	text = buf_take(&out);
	buf_finish(&out);
	return text;
}

static void give_result(struct coop_team_result *out, struct task_result *r)
{
	*out = (struct coop_team_result){
		.stop_reason = mem_strdup(r->stop_reason),
		.json = result_json(r),
		.message_count = r->messages.count,
	};
	for (size_t i = 0; i < r->messages.count; i++) {
		out->prompt_tokens += r->messages.items[i]->usage.prompt_tokens;
		out->completion_tokens +=
			r->messages.items[i]->usage.completion_tokens;
	}
}

int coop_team_run(struct coop_team *t, const char *task,
		  const struct coop_team_run_options *o,
		  struct coop_team_result *out, struct coop_err *err)
{
	struct run r = { .team = t, .task = task, .o = o };
	struct err inner = { 0 };
	int rc;

	rc = engine_run(engine_door_engine(t->engine), "team", run_on_fiber, &r,
			&inner);
	if (out)
		give_result(out, &r.result);
	task_result_finish(&r.result);
	return rc < 0 ? agents_err(err, &inner) : 0;
}

void coop_team_result_finish(struct coop_team_result *r)
{
	if (!r)
		return;
	mem_free(r->stop_reason);
	mem_free(r->json);
	*r = (struct coop_team_result){ 0 };
}

void coop_team_cancel(struct coop_team *t, const char *reason)
{
	scope_cancel(t->scope, reason ? reason : "cancelled");
}

void coop_team_stop(struct coop_team *t)
{
	if (t->task->is_team)
		team_stop((struct team *)t->task);
}
