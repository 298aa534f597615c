/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * <coop/agents.h>: running teams of agents out of AutoGen's component JSON.
 *
 * An engine is one event loop, its fibers and its connections; it belongs to
 * the thread that made it. A function that may wait works in two places: on a
 * fiber (inside an event callback) it lets others run, elsewhere it drives the
 * engine until it is done. Inside a callback of coop_engine_post() it is an
 * error ("conflict"), since nothing could go on there. Everything is JSON text;
 * option structs begin with their size, so that later versions can grow them.
 * The library touches no signals, prints nothing and never exits.
 *
 * Functions that can fail return 0 or a negative number and fill *err, which
 * may be NULL. Text that they give belongs to the caller, who frees it by
 * coop_free().
 */
#include "executor/include/executor.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct coop_engine;
struct coop_team;

struct coop_engine_options {
	size_t size;         /* sizeof(struct coop_engine_options) */
	size_t stack_size;   /* of a fiber; 0: 256 KiB */
	unsigned fibers_max; /* 0: 30000 */
};

/* An engine; NULL options are fine. Ends with coop_engine_destroy(). */
int coop_engine_create(struct coop_engine **out,
		       const struct coop_engine_options *o,
		       struct coop_err *err);

/* Cancels what runs, waits for its end, frees. Teams end first. Not from inside
 * a callback. NULL is fine. */
void coop_engine_destroy(struct coop_engine *e);

/* A descriptor that is readable when coop_engine_step() has something to do,
 * for programs with a loop of their own; owned by the engine. */
int coop_engine_fd(struct coop_engine *e);

/* Runs what is ready, waiting at most timeout_ms (-1: for ever, 0: not). */
int coop_engine_step(struct coop_engine *e, int timeout_ms,
		     struct coop_err *err);

/* Calls fn(arg) on the engine's thread. The one function that other threads may
 * call; what runs there may cancel but not wait. */
void coop_engine_post(struct coop_engine *e, void (*fn)(void *arg), void *arg);

/* One line per fiber: name, what it waits for, since when. */
char *coop_engine_dump(struct coop_engine *e);

/* How to load a team. Strings are borrowed for the call; NULL or 0: none. */
struct coop_team_options {
	size_t size;              /* sizeof(struct coop_team_options) */
	const char *pointer;      /* JSON Pointer of the team in the text */
	const char *model;        /* replaces the name of every model */
	const char *base_url;     /* replaces where every model is asked */
	const char *backend;      /* of code executors; NULL: "jail" */
	const char *profile;      /* of code executors; NULL: "agent" */
	const char *collect;      /* host folder for files that code creates */
	const char *const *files; /* "SRC[:DST]", NULL-ended: put into the jail */
	uint64_t block_time_ms;   /* wall limit of one block of code */
	unsigned max_turns;       /* of the outermost team */
	/* The environment; NULL: getenv. */
	const char *(*getenv)(const char *name);
	void *arg; /* of the two callbacks */
	/* What is substituted or ignored, with its place in the text. */
	void (*notice)(void *arg, const char *pointer, const char *text);
	/* Every fault of the text, with its place; remedy may be "". */
	void (*fault)(void *arg, const char *pointer, const char *text,
		      const char *remedy);
};

/*
 * Loads a team (or a single agent) from component JSON. Starts nothing. On
 * failure *err is the first fault. NULL options are fine. Ends with
 * coop_team_destroy(), before its engine.
 */
int coop_team_load(struct coop_team **out, struct coop_engine *e,
		   const char *json, const struct coop_team_options *o,
		   struct coop_err *err);

/* Stops what the team started (code executors) and frees it; may wait. Not
 * while it runs, nor inside a callback. NULL is fine. */
void coop_team_destroy(struct coop_team *t);

/* The built-in team of an assistant and a code executor, as component JSON. A
 * constant. */
const char *coop_team_builtin(void);

/* One message or event while it is made. Valid during the callback. */
struct coop_team_event {
	const char *type; /* "TextMessage", "ModelClientStreamingChunkEvent" */
	const char *source; /* who made it */
	const char *text;
	const char *json; /* the whole, as AutoGen writes it */
	size_t json_len;
};

struct coop_team_run_options {
	size_t size;      /* sizeof(struct coop_team_run_options) */
	uint64_t time_ms; /* wall limit of the run; 0: none */
	void *arg;
	/* Called in order, the task's message first; may wait: the team waits
	 * too. Not 0 cancels the run. NULL: nobody listens. */
	int (*event)(void *arg, const struct coop_team_event *event);
};

/* What a run gave, also one that failed: everything so far. */
struct coop_team_result {
	char *stop_reason; /* NULL: none */
	char *json;        /* {"messages":[…],"stop_reason":…} */
	size_t message_count;
	int64_t prompt_tokens, completion_tokens;
};

/* Frees what it holds; NULL is fine. */
void coop_team_result_finish(struct coop_team_result *r);

/*
 * Runs the team on a task until it stops; NULL continues where it stopped last.
 * One run at a time. *out (may be NULL) is filled in every case. An error named
 * "cancelled" or "deadline" means coop_team_cancel() or time_ms; after any
 * failure the team can run again.
 */
int coop_team_run(struct coop_team *t, const char *task,
		  const struct coop_team_run_options *o,
		  struct coop_team_result *out, struct coop_err *err);

/* Cancels the run in progress: what its agents wait for ends now. From
 * callbacks and coop_engine_post(). Does nothing when it does not run. */
void coop_team_cancel(struct coop_team *t, const char *reason);

/* Ends the run in progress after its turn, as a success. */
void coop_team_stop(struct coop_team *t);

/* Forgets the conversation: as just loaded. May wait. */
int coop_team_reset(struct coop_team *t, struct coop_err *err);

/* The conversation as JSON text, in AutoGen's form; also while it runs. */
char *coop_team_save(struct coop_team *t);

/* Puts a saved conversation back; untouched on failure. Not while it runs. */
int coop_team_restore(struct coop_team *t, const char *json,
		      struct coop_err *err);

/* The team as component JSON; secrets are "**********". */
char *coop_team_dump(struct coop_team *t);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
