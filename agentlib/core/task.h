/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What an agent and a team have in common: it is given new messages, emits
 * events, answers, can be reset, saved and loaded. A team's participants are
 * tasks, so teams nest. Calls run on a fiber and honour the scope in force.
 */
#include "agentlib/core/message.h"
#include "executor/base/err.h"
#include <stdbool.h>

struct task;
struct component_origin;
struct engine;
struct json;
struct json_writer;

/*
 * Where messages and events go while they are made: called on the fiber that
 * made them, in order, and may wait: that is the back-pressure. Borrowed for
 * the call. A negative return ends the run with that error.
 */
struct sink {
	int (*emit)(void *arg, struct message *m, struct err *err);
	void *arg;
};
/* 0 when there is no sink. */
int sink_emit(const struct sink *s, struct message *m, struct err *err);

/* What a run is given; borrowed for the call. */
struct task_input {
	struct message *const *messages; /* new ones only: tasks are stateful */
	size_t count;                    /* 0: goes on where it stopped */
	const struct sink *sink;         /* or NULL */
	bool echo; /* the messages given come first in the stream and the
		      result, as AutoGen's output_task_messages says */
};

/* What a run gave. task_result_finish() frees. */
struct task_result {
	struct message_list messages; /* all but streaming chunks; an agent's
					 answer is the last chat message */
	char *stop_reason;            /* teams; NULL: none */
};
void task_result_finish(struct task_result *r);

struct task_ops {
	const char *provider;
	/*
	 * Emits everything it makes to the sink and collects it in *out, which is
	 * valid also after an error or cancel: every message so far. For an agent
	 * the last message is its response. `echo` is not its business.
	 */
	int (*run)(struct task *t, const struct task_input *in,
		   struct task_result *out, struct err *err);
	int (*reset)(struct task *t, struct err *err);
	void (*save)(struct task *t, struct json_writer *w);
	int (*load)(struct task *t, const struct json *state, struct err *err);
	void (*dump)(const struct task *t, struct json_writer *w); /* config */
	/* Releases what runs (code executors …); on a fiber; may be NULL. */
	int (*close)(struct task *t, struct err *err);
	void (*destroy)(struct task *t);
};

struct task {
	const struct task_ops *ops;
	unsigned refs;
	struct engine *engine;
	char *name;
	char *description;
	bool is_team;
	bool running;
	struct component_origin *origin; /* set by the loader */
};

/*
 * Runs it; *out (zeroed by the caller, ended by task_result_finish()) holds
 * every message so far, also after a failure. -ERR_CONFLICT while it runs.
 */
int task_run(struct task *t, const struct task_input *in,
	     struct task_result *out, struct err *err);

/* As new; -ERR_CONFLICT while it runs. */
int task_reset(struct task *t, struct err *err);

/* Stops what it started (code executors); it can run again. */
int task_close(struct task *t, struct err *err);

/* Counting. */
struct task *task_ref(struct task *t);
void task_unref(struct task *t); /* NULL is fine */
