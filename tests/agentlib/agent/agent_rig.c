/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of agents and teams share; see agent_rig.h. */
#include "tests/agentlib/agent/agent_rig.h"

#include "agentlib/core/component.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"
#include <string.h>

#define TEXT_MAX (64 << 20)

void agent_rig_run(engine_fn *fn, void *arg)
{
	struct engine_options o = { .virtual_clock = true };
	struct err err = { 0 };
	struct engine *e = engine_create(&o, &err);

	REQUIRE(e != NULL);
	if (!CHECK(engine_run(e, "test", fn, arg, &err) == 0))
		tap_note("%s", err.text);
	engine_destroy(e);
}

static void add_line(struct buf *b, const struct message *m)
{
	buf_printf(b, "%s %s: ", message_type_name(m->type), m->source);
	message_text(m, b);
	buf_putc(b, '\n');
}

static int see(void *arg, struct message *m, struct err *err)
{
	add_line(arg, m);
	return 0;
}

struct agent_rig_result agent_rig_task(struct task *t, const char *text)
{
	struct agent_rig_result r = { 0 };
	struct task_result result = { 0 };
	struct buf seen, kept;
	struct sink sink = { see, &seen };
	struct message *m = text ? message_new(MESSAGE_TEXT, "user", text)
				 : NULL;
	struct task_input in = {
		.messages = &m, .count = m ? 1 : 0, .sink = &sink, .echo = true
	};

	buf_init(&seen, TEXT_MAX);
	buf_init(&kept, TEXT_MAX);
	r.rc = task_run(t, &in, &result, &r.err);
	for (size_t i = 0; i < result.messages.count; i++)
		add_line(&kept, result.messages.items[i]);
	r.seen = buf_take(&seen);
	r.messages = buf_take(&kept);
	r.stop = mem_strdup(result.stop_reason);
	buf_finish(&seen);
	buf_finish(&kept);
	task_result_finish(&result);
	message_unref(m);
	return r;
}

void agent_rig_finish(struct agent_rig_result *r)
{
	mem_free(r->seen);
	mem_free(r->messages);
	mem_free(r->stop);
}

char *agent_rig_state(struct task *t)
{
	struct json_writer w;
	struct buf b;
	char *text;

	buf_init(&b, TEXT_MAX);
	jw_init(&w, &b);
	t->ops->save(t, &w);
	text = buf_take(&b);
	buf_finish(&b);
	return text;
}

char *agent_rig_dump(const struct task *t)
{
	struct json_writer w;
	struct buf b;
	char *text;

	buf_init(&b, TEXT_MAX);
	jw_init(&w, &b);
	component_dump(t->is_team ? COMPONENT_TEAM : COMPONENT_AGENT, t, &w);
	text = buf_take(&b);
	buf_finish(&b);
	return text;
}

int agent_rig_load(struct task *t, const char *state, struct err *err)
{
	_auto_json_ struct json *j = json_parse(state, strlen(state), TEXT_MAX,
						err);

	return j ? t->ops->load(t, j, err) : -ERR_INVALID;
}
