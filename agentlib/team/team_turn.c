/* SPDX-License-Identifier: Apache-2.0 */
/* One turn of a team; see team_turn.h. */
#include "agentlib/team/team_turn.h"

#include "agentlib/fiber/group.h"
#include "agentlib/fiber/fiber.h"
#include "executor/base/mem.h"

struct speaker {
	struct team_turn *turn;
	struct group *group;
	unsigned index;
	struct message_list read; /* its unread messages, while it speaks */
	struct task_result said;
	bool finished;
};

static int emit(void *arg, struct message *m, struct err *err)
{
	struct team_turn *t = arg;

	if (m->type != MESSAGE_CHUNK)
		message_list_add(&t->out->messages, m);
	return sink_emit(t->sink, m, err);
}

/* The answer of an agent; NULL when its last message is none. */
static struct message *answer_of(const struct message_list *said)
{
	struct message *last = said->count ? said->items[said->count - 1]
					   : NULL;

	return last && message_is_chat(last->type) ? last : NULL;
}

static int speak(struct speaker *s, struct err *err)
{
	struct participant *p = &s->turn->team->participants[s->index];
	struct sink sink = { emit, s->turn };
	struct task_input in = { .sink = &sink };
	int r;

	s->read = p->unread;
	p->unread = (struct message_list){ 0 };
	in.messages = s->read.items;
	in.count = s->read.count;
	r = task_run(p->task, &in, &s->said, err);
	if (r == 0 && !p->task->is_team && !answer_of(&s->said.messages))
		r = err_set(err, ERR_UNSUPPORTED, "gave no answer");
	if (r < 0 && r != -ERR_CANCELLED && r != -ERR_DEADLINE)
		err_prefix(err, "%s: ", p->task->name);
	s->finished = r == 0;
	return r;
}

static void speak_on_fiber(void *arg)
{
	struct speaker *s = arg;
	struct err err = { 0 };

	if (speak(s, &err) < 0)
		group_fail(s->group, &err);
}

static int speak_together(struct speaker *all, unsigned count, struct err *err)
{
	struct team *t = all[0].turn->team;
	struct group *g = group_create(t->task.engine, NULL);
	int r = 0;

	for (unsigned i = 0; r == 0 && i < count; i++) {
		all[i].group = g;
		r = fiber_spawn(g, t->participants[all[i].index].task->name,
				speak_on_fiber, &all[i], err);
	}
	if (r < 0)
		group_fail(g, err);
	r = group_wait(g, err);
	group_destroy(g);
	return r;
}

/* What one participant said, for the others to read. */
static void relay(struct team *t, const struct speaker *s)
{
	const struct message_list *said = &s->said.messages;
	bool team = t->participants[s->index].task->is_team;

	for (size_t i = team ? 0 : said->count - 1; i < said->count; i++) {
		if (!message_is_chat(said->items[i]->type))
			continue;
		for (unsigned p = 0; p < t->count; p++)
			if (p != s->index)
				message_list_add(&t->participants[p].unread,
						 said->items[i]);
	}
}

/* The unread messages go back before those that have come since. */
static void give_back(struct participant *p, struct message_list *read)
{
	for (size_t i = 0; i < p->unread.count; i++)
		message_list_add(read, p->unread.items[i]);
	message_list_finish(&p->unread);
	p->unread = *read;
	*read = (struct message_list){ 0 };
}

static void conclude(struct speaker *s)
{
	struct team_turn *turn = s->turn;
	struct team *t = turn->team;
	const struct message_list *said = &s->said.messages;

	if (!s->finished) {
		give_back(&t->participants[s->index], &s->read);
	} else {
		for (size_t i = 0; i < said->count; i++) {
			message_list_add(&t->thread, said->items[i]);
			message_list_add(&turn->delta, said->items[i]);
		}
		relay(t, s);
		if (t->ops->answered)
			t->ops->answered(t, s->index, said);
	}
	message_list_finish(&s->read);
	task_result_finish(&s->said);
}

int team_turn_speak(struct team_turn *t, const unsigned *speakers,
		    unsigned count, struct err *err)
{
	struct speaker *all = mem_zero(count, sizeof(*all));
	int r;

	for (unsigned i = 0; i < count; i++) {
		all[i].turn = t;
		all[i].index = speakers[i];
	}
	r = count == 1 ? speak(&all[0], err) : speak_together(all, count, err);
	/* In two steps: what was given back must stand before what others said
	 * in the same turn. */
	for (unsigned i = 0; i < count; i++)
		if (!all[i].finished)
			conclude(&all[i]);
	for (unsigned i = 0; i < count; i++)
		if (all[i].finished)
			conclude(&all[i]);
	mem_free(all);
	return r;
}
