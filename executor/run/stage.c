/* SPDX-License-Identifier: Apache-2.0 */
/* Ready, put, put, start, ended: each step begins where the last one calls. */
#include "executor/run/stage.h"

#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/run/run_box.h"

struct stage {
	struct run_box *box;
	struct stage_spec spec;
	struct stage_events ev;
	unsigned list;
	struct put *put;
	struct run_program *program;
	struct loop_timer *kick;
	bool cancelled, ended;
};

static void end(struct stage *s, struct run_program_report *report,
		const struct err *err)
{
	if (s->ended)
		return;
	s->ended = true;
	s->ev.ended(s->ev.arg, report, err);
}

static void end_cancelled(void *arg)
{
	struct stage *s = arg;
	struct err err = { 0 };

	s->kick = NULL;
	err_set(&err, ERR_CANCELLED, "cancelled");
	end(s, NULL, &err);
}

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct stage *s = arg;

	if (s->ev.output)
		s->ev.output(s->ev.arg, stream, data, len);
}

static void on_program_end(void *arg, struct run_program_report *report,
			   const struct err *err)
{
	end(arg, report, err);
}

static void start_program(struct stage *s)
{
	struct run_program_events ev = {
		.arg = s,
		.output = on_output,
		.ended = on_program_end,
	};
	struct err err = { 0 };

	if (s->cancelled)
		end_cancelled(s);
	else if (run_program_start(&s->program, s->box, &s->spec.program, &ev,
				   &err) < 0)
		end(s, NULL, &err);
}

static void next_list(struct stage *s);

static void on_put(void *arg, const struct err *err)
{
	struct stage *s = arg;

	put_destroy(mem_take(s->put));
	if (err)
		end(s, NULL, err);
	else
		next_list(s);
}

static void next_list(struct stage *s)
{
	struct err err = { 0 };

	while (s->list < STAGE_LISTS_MAX) {
		const struct put_list *list = s->spec.lists[s->list++];

		if (!list || !list->count)
			continue;
		if (put_start(&s->put, s->box, list, on_put, s, &err) < 0)
			end(s, NULL, &err);
		else if (s->cancelled)
			put_cancel(s->put);
		return;
	}
	start_program(s);
}

static void on_ready(void *arg, const struct err *err)
{
	struct stage *s = arg;

	if (s->ended)
		return;
	if (err)
		end(s, NULL, err);
	else
		next_list(s);
}

static void on_started(void *arg, const struct err *err)
{
	struct stage *s = arg;

	if (s->program)
		run_program_on_started(s->program, err);
}

static void on_ended(void *arg, const struct broker_end *how)
{
	struct stage *s = arg;

	if (s->program)
		run_program_on_ended(s->program, how);
}

static void on_lost(void *arg, const struct err *err)
{
	struct stage *s = arg;

	if (s->ended)
		s->ev.lost(s->ev.arg, err);
	else if (s->program)
		run_program_on_lost(s->program, err);
	else
		end(s, NULL, err);
}

int stage_start(struct stage **out, struct run_box *b,
		const struct stage_spec *spec, const struct stage_events *ev,
		struct err *err)
{
	struct stage *s = mem_new(struct stage);
	struct run_box_user user = { s, on_ready, on_started, on_ended,
				     on_lost };
	int rc;

	s->box = b;
	s->spec = *spec;
	s->ev = *ev;
	rc = run_box_use(b, &user, err);
	if (rc < 0) {
		mem_free(s);
		return rc;
	}
	*out = s;
	return 0;
}

void stage_cancel(struct stage *s)
{
	if (s->cancelled || s->ended)
		return;
	s->cancelled = true;
	if (s->program)
		run_program_kill(s->program, REASON_CANCELLED);
	else if (s->put)
		put_cancel(s->put);
	else
		s->kick = loop_at(run_box_loop(s->box), (struct deadline){ 0 },
				  end_cancelled, s);
}

void stage_abandon(struct stage *s)
{
	if (s->program && !s->ended)
		run_program_abandon(s->program);
	else
		end_cancelled(s);
}

void stage_destroy(struct stage *s)
{
	if (!s)
		return;
	loop_timer_cancel(s->kick);
	run_box_release(s->box);
	put_destroy(s->put);
	run_program_destroy(s->program);
	mem_free(s);
}
