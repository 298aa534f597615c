/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * AutoGen's Core runtime: agents by id, requests with results, publications by
 * topic. An agent costs a table entry until a handler of it runs, which is on a
 * fiber of its own. Handlers of one agent run one after the other, first in
 * first out, unless its class says `overlap`. Does not know what messages mean.
 */
#include "agentlib/core/agent_id.h"
#include "agentlib/core/intervention.h"
#include "agentlib/core/payload.h"
#include "agentlib/core/runtime_event.h"
#include "agentlib/core/subscription.h"
#include "agentlib/core/topic_id.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct engine;
struct json;
struct json_writer;
struct runtime;

/* One message being handled; a handler's view of it, borrowed for the call. */
struct turn {
	struct runtime *runtime;
	struct agent_id self;   /* lives as long as the runtime */
	struct agent_id sender; /* type NULL: from outside; lives as self */
	struct topic_id topic;  /* type NULL: a request */
	bool is_rpc;
};

/* The message's id, a UUID unless the sender gave one; made when asked for. */
const char *turn_message_id(const struct turn *t);

/* What agents of one type have in common. Functions may be NULL but `handle`;
 * `handle` and `close` may wait, the others must not. */
struct agent_class {
	const char *description;
	bool overlap; /* handlers of one agent may run at the same time */
	/* Makes the instance for `id` at its first message. Strings of `id`
	 * live as long as the runtime. NULL: *state is the type's arg. */
	int (*create)(void *arg, struct runtime *rt, const struct agent_id *id,
		      void **state, struct err *err);
	/* Handles `p` (borrowed). Requests are answered by a new reference in
	 * *answer, which may stay NULL, or by an error; what a publication
	 * answers is dropped, its errors are told to the observer. The scope in
	 * force ends when the sender or the runtime gives up. */
	int (*handle)(void *state, const struct turn *t, struct payload *p,
		      struct payload **answer, struct err *err);
	void (*save)(void *state, struct json_writer *w); /* one value */
	int (*load)(void *state, const struct json *saved, struct err *err);
	int (*close)(void *state, struct err *err);
	void (*destroy)(void *state);
};

struct runtime_options {
	/* Told of every event; must not wait. NULL: none, costs nothing. */
	void (*observe)(void *arg, const struct runtime_event *ev);
	void *observe_arg;
	/* An error in the handler of a publication stops the runtime, and the
	 * next stop returns it (ignore_unhandled_exceptions=False). */
	bool stop_on_error;
	size_t agents_max;   /* 0: 1,000,000 */
	size_t messages_max; /* waiting and in work; 0: 1,000,000 */
};

/* `o` may be NULL. The engine must outlive it. Never fails. */
struct runtime *runtime_create(struct engine *e,
			       const struct runtime_options *o);

/*
 * Stops it (waits for handlers when on a fiber that is none of them, else they
 * end later and free it) and ends the agents without their `close`. NULL is
 * fine.
 */
void runtime_destroy(struct runtime *rt);

/* ---- agents ---- */

struct agent_type {
	const char *name; /* copied */
	const struct agent_class *agent_class;
	void *arg;            /* of `create` */
	bool no_direct_topic; /* without the subscription to "NAME:" */
};

/* A factory, and the subscription to topics that start with "NAME:".
 * -ERR_CONFLICT when the type is there, -ERR_INVALID for a bad name. */
int runtime_register(struct runtime *rt, const struct agent_type *t,
		     struct err *err);

/*
 * A live instance, whose `state` is the runtime's from now on; all of a type
 * have one class. -ERR_CONFLICT when the id is there, the type has a factory or
 * another class; `state` stays the caller's then.
 */
int runtime_add_instance(struct runtime *rt, const struct agent_id *id,
			 const struct agent_class *c, void *state,
			 struct err *err);

/*
 * The state behind an id, made when it is not there yet, and *out its id (may
 * be NULL). `c` is what its class must be, NULL any. -ERR_NOT_FOUND,
 * -ERR_INVALID for another class, or what `create` returned.
 */
int runtime_instance(struct runtime *rt, const struct agent_id *id,
		     const struct agent_class *c, void **state,
		     struct err *err);

/* Whether there is an agent of this id, made or not; its description (NULL:
 * none) when `description` is not NULL. */
bool runtime_find(const struct runtime *rt, const struct agent_id *id,
		  const char **description);

/* ---- subscriptions, interventions ---- */

/* As subscriptions_add(); a type that is not registered yet is fine. */
const char *runtime_subscribe(struct runtime *rt, const struct subscription *s,
			      struct err *err);
int runtime_unsubscribe(struct runtime *rt, const char *id, struct err *err);

/* Adds one at the end of the chain; its arg must outlive the runtime. */
void runtime_intervene(struct runtime *rt, const struct intervention *i);

/* ---- messages ---- */

struct request {
	const struct turn *from; /* the handler that asks; NULL: outside. Only
				    on that handler's fiber or those below */
	struct agent_id to;
	struct payload *payload; /* borrowed */
	const char *message_id;  /* copied; NULL: a new UUID */
	bool control;            /* does not wait for other handlers */
};

/*
 * Asks and waits for the answer: a reference in *answer, or NULL. Sent while the
 * runtime is stopped it waits for the start. The handler runs below the scope
 * in force here. One whose sender the recipient itself is waiting for, by a
 * chain of calls, enters at once, so a cycle of requests does not block.
 * Errors: the handler's, -ERR_NOT_FOUND for an unknown recipient,
 * -ERR_FORBIDDEN when an intervention dropped it, -ERR_QUEUE_FULL,
 * -ERR_TOO_LARGE (agents, fibers, depth of calls), -ERR_CANCELLED also when the
 * runtime stops, those of fiber_wait().
 */
int runtime_send(struct runtime *rt, const struct request *r,
		 struct payload **answer, struct err *err);

struct publication {
	const struct turn *from; /* as above; never gets it itself */
	struct topic_id topic; /* type NULL: "default"; source NULL: the key of
				  `from`, else "default" */
	struct payload *payload;
	const char *message_id;
	bool control;
};

/*
 * Gives a message to all who subscribed, once each; waits for none of them and
 * tells of no failure of theirs. Handlers run below the runtime's scope. 0 also
 * when nobody listens or an intervention dropped it. -ERR_INVALID for a bad
 * topic, -ERR_QUEUE_FULL, -ERR_CANCELLED while stopping or when the scope in
 * force has ended.
 */
int runtime_publish(struct runtime *rt, const struct publication *p,
		    struct err *err);

/* ---- running ---- */

/* Begins with what was sent meanwhile. -ERR_CONFLICT when started, or when the
 * handlers of the time before have not ended. */
int runtime_start(struct runtime *rt, struct err *err);

/*
 * Drops what waits, cancels what runs, and waits for its end; in a handler it
 * does not wait. It can be started again. -ERR_CONFLICT when not started; the
 * error kept for stop_on_error.
 */
int runtime_stop(struct runtime *rt, struct err *err);

/* Waits until nothing is waiting or running, then stops. -ERR_REENTRANT in a
 * handler, -ERR_BUSY when another fiber waits for the same. */
int runtime_stop_when_idle(struct runtime *rt, struct err *err);

/* Stops if started and calls every agent's `close`; the first error. */
int runtime_close(struct runtime *rt, struct err *err);

/* Messages that wait or are in work. */
size_t runtime_pending(const struct runtime *rt);
size_t runtime_agents(const struct runtime *rt);

/* ---- state ---- */

/* {"type/key": state} of every agent made, in the order of birth. */
void runtime_save(struct runtime *rt, struct json_writer *w);

/*
 * Makes and loads those whose type is registered; others are passed over. The
 * first error, field = the id; those before it stay loaded.
 */
int runtime_load(struct runtime *rt, const struct json *state, struct err *err);
