/* SPDX-License-Identifier: Apache-2.0 */
/* The turn loop that all teams share; a turn itself is in team_turn.c. */
#include "agentlib/team/team_engine.h"

#include "agentlib/fiber/fiber.h"
#include "agentlib/team/team_turn.h"
#include "executor/base/mem.h"
#include <stdio.h>

/* Agents that never wait (replayed models) must not keep the loop from looking
 * at signals, timers and cancel; looking costs a system call. */
#define TURNS_BETWEEN_LOOKS 32

struct run {
	struct team *team;
	const struct task_input *in;
	struct task_result *out;
	bool ended;
};

void team_init(struct team *t, const struct team_ops *ops, struct engine *e,
	       const struct team_options *o)
{
	t->task.ops = &ops->task;
	t->task.refs = 1;
	t->task.engine = e;
	t->task.is_team = true;
	t->task.name = mem_strdup(o->name);
	t->task.description = mem_strdup(o->description ? o->description
							: "A team of agents.");
	t->ops = ops;
	t->count = o->count;
	t->participants = mem_zero(o->count ? o->count : 1,
				   sizeof(*t->participants));
	for (size_t i = 0; i < o->count; i++)
		t->participants[i].task = task_ref(o->participants[i]);
	t->termination = termination_ref(o->termination);
	t->max_turns = o->max_turns;
	t->emit_team_events = o->emit_team_events;
}

void team_finish(struct team *t, const char *reason)
{
	mem_free(t->finish_reason);
	t->finish_reason = mem_strdup(reason);
}

void team_stop(struct team *t)
{
	if (t->task.running)
		t->stop_requested = true;
}

int team_find(const struct team *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		if (str_equal(t->participants[i].task->name, name))
			return (int)i;
	return -1;
}

static void rearm(struct team *t)
{
	if (t->termination)
		termination_reset(t->termination);
	t->turn = 0;
}

/* The transcript stays: the next run goes on with the same conversation. */
static void end_run(struct run *run, const char *reason)
{
	rearm(run->team);
	mem_free(run->out->stop_reason);
	run->out->stop_reason = mem_strdup(reason);
	run->ended = true;
}

static int look_at_condition(struct run *run, const struct message_list *delta,
			     struct err *err)
{
	struct termination *c = run->team->termination;
	struct message *stop = NULL;
	int r;

	if (!c)
		return 0;
	r = termination_check(c, delta->items, delta->count, &stop, err);
	if (r == 0 && stop)
		end_run(run, stop->content);
	message_unref(stop);
	return r;
}

static int look_at_end(struct run *run, const struct message_list *delta,
		       struct err *err)
{
	struct team *t = run->team;
	char reason[64];
	int r = look_at_condition(run, delta, err);

	if (r < 0 || run->ended)
		return r;
	if (t->max_turns && t->turn >= t->max_turns) {
		snprintf(reason, sizeof(reason),
			 "Maximum number of turns %d reached.", t->max_turns);
		end_run(run, reason);
	} else if (t->stop_requested) {
		end_run(run, "External termination requested");
	}
	return 0;
}

/* What the run was given: everybody reads it. */
static int begin(struct run *run, struct err *err)
{
	struct team *t = run->team;
	struct message_list given = { .items = (void *)run->in->messages,
				      .count = run->in->count };
	int r = t->ops->begin ? t->ops->begin(t, run->in, err) : 0;

	if (r < 0 || given.count == 0)
		return r;
	for (size_t i = 0; i < given.count; i++) {
		message_list_add(&t->thread, given.items[i]);
		for (size_t p = 0; p < t->count; p++)
			message_list_add(&t->participants[p].unread,
					 given.items[i]);
	}
	return look_at_end(run, &given, err);
}

static int tell_speakers(struct run *run, const unsigned *speakers,
			 unsigned count, struct err *err)
{
	struct team *t = run->team;
	struct message *m;
	int r;

	if (!t->emit_team_events)
		return 0;
	m = message_new(MESSAGE_SELECT_SPEAKER, t->ops->manager_name, NULL);
	m->names = mem_zero(count, sizeof(char *));
	for (unsigned i = 0; i < count; i++)
		m->names[m->name_count++] =
			mem_strdup(t->participants[speakers[i]].task->name);
	message_list_add(&run->out->messages, m);
	r = sink_emit(run->in->sink, m, err);
	message_unref(m);
	return r;
}

static int speak(struct run *run, const unsigned *speakers, unsigned count,
		 struct err *err)
{
	struct team_turn turn = { run->team, run->in->sink, run->out, { 0 } };
	int r = tell_speakers(run, speakers, count, err);

	if (r == 0)
		r = team_turn_speak(&turn, speakers, count, err);
	if (r < 0 && run->team->ops->undo)
		run->team->ops->undo(run->team);
	run->team->turn++;
	if (r == 0)
		r = look_at_end(run, &turn.delta, err);
	message_list_finish(&turn.delta);
	return r;
}

static int take_turn(struct run *run, unsigned *speakers, struct err *err)
{
	struct team *t = run->team;
	int n;

	if (fiber_self()) {
		if (t->turn % TURNS_BETWEEN_LOOKS == TURNS_BETWEEN_LOOKS - 1)
			fiber_yield();
		n = fiber_check(err);
		if (n < 0)
			return n;
	}
	n = t->ops->select(t, speakers, err);
	if (n > 0)
		return speak(run, speakers, (unsigned)n, err);
	if (n == 0)
		end_run(run, t->finish_reason ? t->finish_reason
					      : "The group chat is stopped.");
	return n;
}

int team_run(struct task *task, const struct task_input *in,
	     struct task_result *out, struct err *err)
{
	struct team *t = (struct team *)task;
	struct run run = { t, in, out, false };
	_auto_free_ unsigned *speakers = mem_zero(t->count, sizeof(unsigned));
	int r;

	t->stop_requested = false;
	team_finish(t, NULL);
	if (t->termination && t->termination->terminated) {
		mem_free(out->stop_reason);
		out->stop_reason =
			mem_strdup("The group chat has already terminated.");
		return 0;
	}
	r = begin(&run, err);
	while (r == 0 && !run.ended)
		r = take_turn(&run, speakers, err);
	/* A run that failed has ended too: the next one counts anew. */
	if (r < 0)
		rearm(t);
	return r;
}

int team_reset(struct task *task, struct err *err)
{
	struct team *t = (struct team *)task;
	int r = 0;

	for (size_t i = 0; i < t->count; i++) {
		int one = task_reset(t->participants[i].task,
				     r == 0 ? err : NULL);

		message_list_finish(&t->participants[i].unread);
		r = r == 0 ? one : r;
	}
	message_list_finish(&t->thread);
	rearm(t);
	if (t->ops->reset)
		t->ops->reset(t);
	return r;
}

int team_close(struct task *task, struct err *err)
{
	struct team *t = (struct team *)task;
	int r = 0;

	for (size_t i = 0; i < t->count; i++) {
		int one = task_close(t->participants[i].task,
				     r == 0 ? err : NULL);

		r = r == 0 ? one : r;
	}
	return r;
}

void team_destroy(struct task *task)
{
	struct team *t = (struct team *)task;

	for (size_t i = 0; i < t->count; i++) {
		task_unref(t->participants[i].task);
		message_list_finish(&t->participants[i].unread);
	}
	mem_free(t->participants);
	termination_unref(t->termination);
	message_list_finish(&t->thread);
	mem_free(t->finish_reason);
	t->ops->destroy(t);
}
