/* SPDX-License-Identifier: Apache-2.0 */
/* Publications: one envelope a recipient, all of one post. */
#include "agentlib/core/runtime_inside.h"
#include "agentlib/core/worker.h"
#include "executor/base/mem.h"

static void tell(const struct runtime *rt, const struct intervention_case *at,
		 enum runtime_event_type type, const struct payload *p,
		 const struct err *err)
{
	struct runtime_event ev = {
		.type = type,
		.kind = RUNTIME_PUBLISH,
		.stage = RUNTIME_SEND,
		.payload = p,
		.sender = at->sender,
		.receiver = at->receiver,
		.topic = at->topic,
		.err = err,
	};

	runtime_tell(rt, &ev);
}

/* True when the publication goes on. */
static bool intervene(struct runtime *rt, const struct intervention_case *at,
		      struct payload **p)
{
	struct err err = { 0 };
	int rc = 0;

	if (rt->options.observe)
		tell(rt, at, RUNTIME_EVENT_MESSAGE, *p, NULL);
	if (rt->chain.count)
		rc = interventions_run(&rt->chain, INTERVENE_PUBLISH, at, p,
				       &err);
	if (rc != 0)
		tell(rt, at, RUNTIME_EVENT_DROPPED, *p, rc < 0 ? &err : NULL);
	return rc == 0;
}

struct round {
	struct runtime *rt;
	const struct envelope *from;
	struct intervention_case at;
	struct payload *payload;
	struct post *post;
	bool control;
	uint64_t hash; /* of the source */
};

static struct agent_cell *recipient(const struct round *r, const char *type,
				    struct err *err)
{
	struct agent_table *t = &r->rt->agents;
	struct agent_kind *k = agent_table_kind(t, type);
	const char *key = r->post->topic.source;
	struct agent_cell *c = NULL;

	if (k && !k->instances)
		return agent_table_get(t, k, key, r->hash, err);
	if (k)
		c = agent_table_find(t, k, key, r->hash);
	if (!c)
		err_set(err, ERR_NOT_FOUND, "recipient not found: %s/%s", type,
			key);
	return c;
}

static void deliver(struct round *r, const char *type)
{
	struct intervention_case at = r->at;
	struct agent_id id = { type, r->post->topic.source };
	struct agent_cell *to;
	struct envelope *e;
	struct err err;

	at.receiver = &id;
	to = recipient(r, type, &err);
	if (!to) {
		tell(r->rt, &at, RUNTIME_EVENT_DROPPED, r->payload, &err);
		return;
	}
	if (r->from && to == r->from->to)
		return;
	e = envelope_create(r->rt, to, r->payload);
	e->post = post_ref(r->post);
	e->turn.topic = r->post->topic;
	e->control = r->control;
	if (r->from)
		e->turn.sender = r->from->turn.self;
	if (worker_deliver(r->rt, e, &err) < 0) {
		tell(r->rt, &at, RUNTIME_EVENT_DROPPED, r->payload, &err);
		envelope_unref(e);
	}
}

static int deliver_all(struct round *r, struct err *err)
{
	struct runtime *rt = r->rt;
	const char *const *types;
	size_t count;

	types = subscriptions_types(rt->subscriptions, r->post->topic.type,
				    &count);
	if (count > rt->options.messages_max ||
	    rt->pending > rt->options.messages_max - count)
		return err_set(err, ERR_QUEUE_FULL,
			       "%zu messages are waiting, %zu more are not "
			       "allowed",
			       rt->pending, count);
	r->hash = agent_table_hash(&rt->agents, r->post->topic.source);
	for (size_t i = 0; i < count; i++)
		deliver(r, types[i]);
	return 0;
}

static int publish(struct runtime *rt, const struct publication *p,
		   const struct envelope *from, struct post *post,
		   struct err *err)
{
	struct round r = {
		.rt = rt,
		.from = from,
		.at = { .sender = from ? &from->turn.self : NULL,
			.topic = &post->topic },
		.payload = payload_ref(p->payload),
		.post = post,
		.control = p->control,
	};
	int rc = 0;

	rt->refs++; /* interventions may wait */
	if (intervene(rt, &r.at, &r.payload))
		rc = rt->state == RUNTIME_STOPPING
			     ? err_set(err, ERR_CANCELLED,
				       "the runtime is stopping")
			     : deliver_all(&r, err);
	payload_unref(r.payload);
	worker_release(rt);
	return rc;
}

int runtime_publish(struct runtime *rt, const struct publication *p,
		    struct err *err)
{
	const struct envelope *from = envelope_of(p->from);
	struct topic_id topic = p->topic;
	struct post *post;
	int rc;

	if (from && from->turn.runtime != rt)
		from = NULL;
	if (!topic.type)
		topic.type = TOPIC_DEFAULT;
	if (!topic.source)
		topic.source = from ? from->turn.self.key : TOPIC_DEFAULT;
	if ((rc = topic_id_check(&topic, err)) < 0)
		return rc;
	if (rt->state == RUNTIME_STOPPING)
		return err_set(err, ERR_CANCELLED, "the runtime is stopping");
	if ((rc = fiber_check(err)) < 0)
		return rc;
	post = post_create(&topic, p->message_id);
	rc = publish(rt, p, from, post, err);
	post_unref(post);
	return rc;
}
