/* SPDX-License-Identifier: Apache-2.0 */
/* Types, instances and their state. */
#include "agentlib/core/runtime_inside.h"
#include "agentlib/core/turn.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

int runtime_register(struct runtime *rt, const struct agent_type *t,
		     struct err *err)
{
	_auto_free_ char *prefix = NULL;
	struct subscription direct = { .kind = SUBSCRIPTION_PREFIX };
	struct agent_kind *k;
	int rc = agent_type_check(t->name, err);

	if (rc < 0)
		return rc;
	if (agent_table_kind(&rt->agents, t->name))
		return err_set(err, ERR_CONFLICT,
			       "agent type %s exists already", t->name);
	if (!t->no_direct_topic) {
		prefix = mem_printf("%s:", t->name);
		direct.topic_type = prefix;
		direct.agent_type = t->name;
		/* An equal one is as good. */
		(void)subscriptions_add(rt->subscriptions, &direct, NULL);
	}
	k = agent_table_add_kind(&rt->agents, t->name);
	k->agent_class = t->agent_class;
	k->arg = t->arg;
	return 0;
}

static int instance_refused(const struct runtime *rt, const struct agent_id *id,
			    const struct agent_class *class, struct err *err)
{
	const struct agent_kind *k;
	const struct agent_cell *c;
	int rc = agent_id_check(id, err);

	if (rc < 0)
		return rc;
	k = agent_table_kind(&rt->agents, id->type);
	if (!k)
		return 0;
	if (!k->instances)
		return err_set(err, ERR_CONFLICT,
			       "agent type %s has a factory, not instances",
			       id->type);
	if (k->agent_class != class)
		return err_set(err, ERR_CONFLICT,
			       "instances of agent type %s are of another "
			       "class",
			       id->type);
	c = agent_table_find(&rt->agents, k, id->key,
			     agent_table_hash(&rt->agents, id->key));
	if (c && c->made)
		return err_set(err, ERR_CONFLICT, "agent %s/%s exists already",
			       id->type, id->key);
	return 0;
}

int runtime_add_instance(struct runtime *rt, const struct agent_id *id,
			 const struct agent_class *class, void *state,
			 struct err *err)
{
	struct agent_kind *k;
	struct agent_cell *c;
	int rc = instance_refused(rt, id, class, err);

	if (rc < 0)
		return rc;
	if (!agent_table_kind(&rt->agents, id->type)) {
		struct agent_type t = { .name = id->type,
					.agent_class = class };

		if ((rc = runtime_register(rt, &t, err)) < 0)
			return rc;
		agent_table_kind(&rt->agents, id->type)->instances = true;
	}
	k = agent_table_kind(&rt->agents, id->type);
	c = agent_table_get(&rt->agents, k, id->key,
			    agent_table_hash(&rt->agents, id->key), err);
	if (!c)
		return -ERR_TOO_LARGE;
	c->state = state;
	c->made = 1;
	return 0;
}

/* Its cell, NULL with *err when there can be none. */
static struct agent_cell *cell_of(struct runtime *rt, const struct agent_id *id,
				  struct err *err)
{
	struct agent_kind *k = agent_table_kind(&rt->agents, id->type);
	uint64_t hash = agent_table_hash(&rt->agents, id->key);
	struct agent_cell *c;

	if (k && !k->instances)
		return agent_table_get(&rt->agents, k, id->key, hash, err);
	c = k ? agent_table_find(&rt->agents, k, id->key, hash) : NULL;
	if (!c)
		err_set(err, ERR_NOT_FOUND, "there is no agent %s/%s", id->type,
			id->key);
	return c;
}

int runtime_instance(struct runtime *rt, const struct agent_id *id,
		     const struct agent_class *class, void **state,
		     struct err *err)
{
	struct err why;
	struct agent_cell *c = cell_of(rt, id, &why);
	int rc;

	if (!c) {
		if (err)
			*err = why;
		return -(int)why.code;
	}
	if (class && c->kind->agent_class != class)
		return err_set(err, ERR_INVALID,
			       "agent %s/%s is of another class", id->type,
			       id->key);
	rc = turn_instance(rt, c, err);
	if (rc == 0 && state)
		*state = c->state;
	return rc;
}

bool runtime_find(const struct runtime *rt, const struct agent_id *id,
		  const char **description)
{
	const struct agent_kind *k = agent_table_kind(&rt->agents, id->type);
	const struct agent_cell *c;

	if (!k)
		return false;
	c = agent_table_find(&rt->agents, k, id->key,
			     agent_table_hash(&rt->agents, id->key));
	if (k->instances && (!c || !c->made))
		return false;
	if (description)
		*description = k->agent_class->description;
	return true;
}

void runtime_save(struct runtime *rt, struct json_writer *w)
{
	jw_object(w);
	for (struct agent_cell *c = rt->agents.first; c; c = c->next) {
		const struct agent_class *class = c->kind->agent_class;
		struct agent_id id = agent_cell_id(c);
		_auto_free_ char *key = c->made ? agent_id_format(&id) : NULL;

		if (!key)
			continue;
		jw_key(w, key);
		if (class->save)
			class->save(c->state, w);
		else
			jw_raw(w, "{}");
	}
	jw_end_object(w);
}

static int load_one(struct runtime *rt, const struct json *j, struct err *err)
{
	_auto_free_ char *memory = NULL;
	const struct agent_kind *k;
	struct agent_id id;
	void *state;
	int rc = agent_id_parse(json_key(j), &id, &memory, err);

	if (rc < 0)
		return rc;
	k = agent_table_kind(&rt->agents, id.type);
	if (!k)
		return 0;
	rc = runtime_instance(rt, &id, NULL, &state, err);
	if (rc < 0 || !k->agent_class->load)
		return rc;
	return k->agent_class->load(state, j, err);
}

int runtime_load(struct runtime *rt, const struct json *state, struct err *err)
{
	struct err why;
	int rc = 0;

	if (!json_is(state, JSON_OBJECT))
		return err_set(err, ERR_INVALID,
			       "the state of a runtime is an object");
	for (const struct json *j = json_child(state); j; j = json_next(j)) {
		rc = load_one(rt, j, &why);
		if (rc == 0)
			continue;
		err_field(&why, "%s", json_key(j));
		if (err)
			*err = why;
		return rc;
	}
	return 0;
}
