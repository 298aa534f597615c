/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State and config of a team as JSON. Loading writes what was there before
 * into a buffer, so that a state that turns out wrong half-way changes nothing.
 */
#include "agentlib/team/team_state.h"

#include "agentlib/core/component.h"
#include "agentlib/core/field.h"
#include "agentlib/team/team_engine.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

#define STATE_MAX (1024UL * 1024 * 1024)

static void save_messages(const struct message_list *l, struct json_writer *w)
{
	jw_array(w);
	for (size_t i = 0; i < l->count; i++)
		message_write(l->items[i], w);
	jw_end_array(w);
}

static void save_participant(const struct participant *p, struct json_writer *w)
{
	jw_key(w, p->task->name);
	jw_object(w);
	jw_kstring(w, "type", "ChatAgentContainerState");
	jw_kstring(w, "version", "1.0.0");
	jw_key(w, "agent_state");
	p->task->ops->save(p->task, w);
	jw_key(w, "message_buffer");
	save_messages(&p->unread, w);
	jw_end_object(w);
}

void team_state_save(struct task *task, struct json_writer *w)
{
	const struct team *t = (struct team *)task;

	jw_object(w);
	jw_kstring(w, "type", "TeamState");
	jw_kstring(w, "version", "1.0.0");
	jw_key(w, "agent_states");
	jw_object(w);
	for (size_t i = 0; i < t->count; i++)
		save_participant(&t->participants[i], w);
	jw_key(w, t->ops->manager_name);
	jw_object(w);
	jw_kstring(w, "type", t->ops->state_type);
	jw_kstring(w, "version", "1.0.0");
	jw_key(w, "message_thread");
	save_messages(&t->thread, w);
	jw_kint(w, "current_turn", t->turn);
	if (t->ops->save)
		t->ops->save(t, w);
	jw_end_object(w);
	jw_end_object(w);
	jw_end_object(w);
}

/* The messages of obj[key], replacing *l; `chat`: events are refused. */
static int load_messages(const struct json *obj, const char *key, bool chat,
			 struct message_list *l, struct err *err)
{
	struct message_list loaded = { 0 };
	const struct json *list = NULL, *e;
	int r = field_array(obj, key, &list, err);

	for (e = json_child(list); r == 0 && e; e = json_next(e)) {
		struct message *m = message_read(e, err);

		if (m && chat && !message_is_chat(m->type)) {
			err_set(err, ERR_INVALID, "%s is not a chat message",
				message_type_name(m->type));
			message_unref(mem_take(m));
		}
		if (!m) {
			r = field_below_item(err, key, loaded.count);
			break;
		}
		message_list_add(&loaded, m);
		message_unref(m);
	}
	if (r < 0) {
		message_list_finish(&loaded);
		return r;
	}
	message_list_finish(l);
	*l = loaded;
	return 0;
}

static int load_participant(struct participant *p, const struct json *state,
			    struct err *err)
{
	const struct json *inner = json_get(state, "agent_state");
	int r = field_object(state, "the state of a participant", err);

	if (r == 0)
		r = load_messages(state, "message_buffer", true, &p->unread,
				  err);
	if (r < 0)
		return r;
	r = p->task->ops->load(p->task, inner, err);
	return r < 0 ? field_below(err, "agent_state") : 0;
}

static int load_manager(struct team *t, const struct json *state,
			struct err *err)
{
	static const struct field_range turns = { 0, INT32_MAX, 0 };
	int64_t turn;
	int r = field_object(state, "the state of the team's manager", err);

	if (r == 0)
		r = field_int(state, "current_turn", &turns, &turn, err);
	if (r == 0)
		r = load_messages(state, "message_thread", false, &t->thread,
				  err);
	if (r == 0 && t->ops->load)
		r = t->ops->load(t, state, err);
	if (r == 0)
		t->turn = (int)turn;
	return r;
}

static int load_all(struct team *t, const struct json *state, struct err *err)
{
	const struct json *states = json_get(state, "agent_states"), *one;
	int r = 0;

	if (field_object(states, "\"agent_states\" of a team's state", err) < 0)
		return field_below(err, "agent_states");
	for (size_t i = 0; r == 0 && i < t->count; i++) {
		const char *name = t->participants[i].task->name;

		one = json_get(states, name);
		r = one ? load_participant(&t->participants[i], one, err)
			: err_set(err, ERR_INVALID,
				  "Agent state for %s not "
				  "found in the saved state.",
				  name);
		if (r < 0)
			field_below(err, name);
	}
	if (r == 0) {
		r = load_manager(t, json_get(states, t->ops->manager_name),
				 err);
		if (r < 0)
			field_below(err, t->ops->manager_name);
	}
	return r < 0 ? field_below(err, "agent_states") : 0;
}

/* Puts back what `text`, written by team_state_save(), says. */
static void restore(struct team *t, const struct buf *text)
{
	_auto_json_ struct json *j = json_parse(text->data, text->len,
						STATE_MAX, NULL);

	if (j)
		load_all(t, j, NULL);
}

int team_state_load(struct task *task, const struct json *state,
		    struct err *err)
{
	struct team *t = (struct team *)task;
	struct json_writer w;
	struct buf before;
	int r;

	if (task->running)
		return err_set(err, ERR_CONFLICT,
			       "%s cannot be loaded while it runs", task->name);
	r = field_object(state, "the state of a team", err);
	if (r < 0)
		return r;
	buf_init(&before, STATE_MAX);
	jw_init(&w, &before);
	team_state_save(task, &w);
	r = load_all(t, state, err);
	if (r < 0)
		restore(t, &before);
	buf_finish(&before);
	return r;
}

void team_state_dump(const struct task *task, struct json_writer *w)
{
	const struct team *t = (const struct team *)task;

	jw_object(w);
	jw_kstring(w, "name", task->name);
	jw_kstring(w, "description", task->description);
	jw_key(w, "participants");
	jw_array(w);
	for (size_t i = 0; i < t->count; i++)
		component_dump(t->participants[i].task->is_team
				       ? COMPONENT_TEAM
				       : COMPONENT_AGENT,
			       t->participants[i].task, w);
	jw_end_array(w);
	if (t->termination) {
		jw_key(w, "termination_condition");
		component_dump(COMPONENT_TERMINATION, t->termination, w);
	}
	if (t->max_turns)
		jw_kint(w, "max_turns", t->max_turns);
	jw_kbool(w, "emit_team_events", t->emit_team_events);
	if (t->ops->dump)
		t->ops->dump(t, w);
	jw_end_object(w);
}
