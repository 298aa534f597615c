/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What all teams have in common: participants with their unread messages, the
 * transcript, the turn loop, termination, state. A kind of team says who speaks
 * next (struct team_ops) and nothing else. Participants are tasks, so a team
 * can stand in a team. Behaviour is AutoGen's BaseGroupChat, except that
 * failure and cancel leave a team that can run again, and that termination
 * conditions see what every speaker of a turn said.
 */
#include "agentlib/core/message.h"
#include "agentlib/core/task.h"
#include "agentlib/core/termination.h"

struct json;
struct json_writer;
struct team;

struct team_ops {
	struct task_ops task;     /* TEAM_TASK_OPS() of team_state.h */
	const char *manager_name; /* "RoundRobinGroupChatManager" */
	const char *state_type;   /* "RoundRobinManagerState" */
	/*
	 * Chooses who speaks next: indexes of participants into `next` (room for
	 * all), how many, or negative. More than one speak at the same time. 0
	 * ends the run, with team_finish()'s reason if that was called.
	 */
	int (*select)(struct team *t, unsigned *next, struct err *err);
	/* The speakers chosen last did not finish: choose them again next. */
	void (*undo)(struct team *t);
	/* Participant `index` has answered with `said`; may be NULL. */
	void (*answered)(struct team *t, unsigned index,
			 const struct message_list *said);
	/* A run begins with these messages; may refuse them; may be NULL. */
	int (*begin)(struct team *t, const struct task_input *in,
		     struct err *err);
	void (*reset)(struct team *t);
	/* Members of the manager's state and of the config, after the common
	 * ones; may be NULL. Loading checks all before it changes anything. */
	void (*save)(const struct team *t, struct json_writer *w);
	int (*load)(struct team *t, const struct json *state, struct err *err);
	void (*dump)(const struct team *t, struct json_writer *w);
	void (*destroy)(struct team *t); /* frees the struct itself */
};

/* One that takes part, and what the others said since it spoke last. */
struct participant {
	struct task *task;
	struct message_list unread;
};

/* First member of every kind of team. */
struct team {
	struct task task;
	const struct team_ops *ops;
	struct participant *participants;
	size_t count;
	struct termination *termination; /* NULL: none */
	int max_turns;                   /* 0: no limit */
	int turn;
	bool emit_team_events;
	bool stop_requested;
	char *finish_reason;
	struct message_list thread;
};

/* What a team is made of; all is referenced or copied. */
struct team_options {
	const char *name, *description;
	struct task *const *participants;
	size_t count;
	struct termination *termination;
	int max_turns;
	bool emit_team_events;
};

/* Fills the common part of a zeroed team, with one reference. */
void team_init(struct team *t, const struct team_ops *ops, struct engine *e,
	       const struct team_options *o);

/* Why the run ends, for a select that returns 0. Copied. */
void team_finish(struct team *t, const char *reason);

/* Ends a run after the turn in progress; the stop reason is that of AutoGen's
 * ExternalTermination. Does nothing when it does not run. */
void team_stop(struct team *t);

/* The index of a participant by name; -1 when there is none. */
int team_find(const struct team *t, const char *name);

/* The functions of struct task_ops that all teams share. */
int team_run(struct task *t, const struct task_input *in,
	     struct task_result *out, struct err *err);
int team_reset(struct task *t, struct err *err);
int team_close(struct task *t, struct err *err);
void team_destroy(struct task *t);
