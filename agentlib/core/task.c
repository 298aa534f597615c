/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What agents and teams have in common: one run at a time, counting. What they
 * do stands in agent/ and team/.
 */
#include "agentlib/core/task.h"

#include "agentlib/core/component_origin.h"
#include "executor/base/mem.h"

int sink_emit(const struct sink *s, struct message *m, struct err *err)
{
	return s && s->emit ? s->emit(s->arg, m, err) : 0;
}

void task_result_finish(struct task_result *r)
{
	if (!r)
		return;
	message_list_finish(&r->messages);
	mem_free(r->stop_reason);
	r->stop_reason = NULL;
}

static int busy(const struct task *t, struct err *err)
{
	return err_set(err, ERR_CONFLICT, "%s is running already", t->name);
}

static int echo(const struct task_input *in, struct task_result *out,
		struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < in->count; i++) {
		message_list_add(&out->messages, in->messages[i]);
		r = sink_emit(in->sink, in->messages[i], err);
	}
	return r;
}

int task_run(struct task *t, const struct task_input *in,
	     struct task_result *out, struct err *err)
{
	int r = 0;

	if (t->running)
		return busy(t, err);
	t->running = true;
	task_ref(t);
	if (in->echo)
		r = echo(in, out, err);
	if (r == 0)
		r = t->ops->run(t, in, out, err);
	t->running = false;
	task_unref(t);
	return r;
}

int task_reset(struct task *t, struct err *err)
{
	if (t->running)
		return busy(t, err);
	return t->ops->reset ? t->ops->reset(t, err) : 0;
}

int task_close(struct task *t, struct err *err)
{
	return t->ops->close ? t->ops->close(t, err) : 0;
}

struct task *task_ref(struct task *t)
{
	if (t)
		t->refs++;
	return t;
}

void task_unref(struct task *t)
{
	if (!t || --t->refs > 0)
		return;
	mem_free(t->name);
	mem_free(t->description);
	component_origin_free(t->origin);
	t->ops->destroy(t);
}
