/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * AutoGen's component JSON: {"provider","component_type","version",
 * "component_version","description","label","config"}. The loader knows classes
 * only through the rows it is handed (component_ctx.table); catalog/ makes that
 * table from the arrays each floor exports. All faults of a file are collected
 * with their JSON Pointers before anything fails.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct engine;
struct http;
struct json;
struct json_writer;
struct component_ctx;

enum component_type {
	COMPONENT_MODEL,          /* struct model */
	COMPONENT_AGENT,          /* struct task */
	COMPONENT_TEAM,           /* struct task */
	COMPONENT_TERMINATION,    /* struct termination */
	COMPONENT_CODE_EXECUTOR,  /* struct code_executor */
	COMPONENT_MODEL_CONTEXT,  /* struct model_context */
	COMPONENT_WORKBENCH,      /* struct workbench */
	COMPONENT_TOOL,
	COMPONENT_MEMORY,
	COMPONENT_TOKEN_PROVIDER
};
const char *component_type_name(enum component_type t); /* "model", … */

/*
 * A class that can be loaded. `load` gets the config object (already of the
 * newest version; may be NULL = {}), and returns the object with one reference,
 * or NULL after component_fault().
 */
struct component_class {
	const char *provider;     /* full name */
	enum component_type type;
	int version;              /* newest component_version it knows */
	void *(*load)(struct component_ctx *ctx, const struct json *config,
		      int version);
	/* For a class served by another: the notice, e.g. "runs in Coop's jail
	 * instead of on the host"; NULL otherwise. */
	const char *served_by;
	/* For a name of AutoGen's that is not run: the reason; load is NULL. */
	const char *not_run;
	void (*unref)(void *object); /* drops the reference that load gave */
};

struct component_fault {
	char pointer[256];        /* JSON Pointer of the place */
	char text[512];
	char remedy[256];
};

/* What a loader is given; made by the catalog, filled while loading. */
struct component_ctx {
	struct engine *engine;
	struct http *http;                  /* for model clients */
	const struct component_class *const *const *floors; /* arrays of arrays,
				   each ended by NULL; see component_find() */
	const char *(*getenv)(const char *name); /* environment; tests replace it */
	char pointer[1024];                 /* so far */
	unsigned depth;
	struct component_fault *faults;     /* owned */
	size_t fault_count;
	/* One notice a component: what is substituted, kept or ignored. May be
	 * NULL. */
	void (*notice)(void *arg, const char *pointer, const char *text);
	void *notice_arg;
	bool check_only;                    /* coop team check: start nothing */
	const void *settings;               /* struct component_settings */
};

/* Overrides of the command line that loaders look at. NULL/0: none. */
struct component_settings {
	const char *model;      /* replaces every model's name */
	const char *base_url;
	const char *backend;    /* "jail" unless said otherwise */
	const char *profile;    /* NULL: "agent" */
	const char *collect;    /* host folder for created files */
	const char *const *files; /* "SRC[:DST]", NULL-ended, put at start */
	uint64_t time_ms;       /* wall limit of one block; 0: the config's */
};

/* The row of a provider: full name, short alias ("OpenAIChatCompletionClient",
 * "openai_chat_completion_client") or NULL. */
const struct component_class *component_find(const struct component_ctx *ctx,
					     const char *provider);

/*
 * Loads `j` (a component object at ctx->pointer + "/" + key) as `type`. NULL
 * when there were faults; they are in ctx. Depth is bounded at 64.
 */
void *component_load(struct component_ctx *ctx, const struct json *j,
		     const char *key, enum component_type type);

/* Records a fault at ctx->pointer + "/" + key (key may be NULL). */
void component_fault(struct component_ctx *ctx, const char *key,
		     const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void component_fault_try(struct component_ctx *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A notice at ctx->pointer. */
void component_notice(struct component_ctx *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Goes one step down ("config", "participants/0") and back up. */
void component_enter(struct component_ctx *ctx, const char *key);
void component_leave(struct component_ctx *ctx);

/* Typed members of a config; wrong types become faults. Strings are borrowed
 * from the JSON; `otherwise` when absent or null. */
const char *component_string(struct component_ctx *ctx, const struct json *config,
			     const char *key, const char *otherwise);
bool component_bool(struct component_ctx *ctx, const struct json *config,
		    const char *key, bool otherwise);
int64_t component_int(struct component_ctx *ctx, const struct json *config,
		      const char *key, int64_t otherwise);
double component_number(struct component_ctx *ctx, const struct json *config,
			const char *key, double otherwise);

/* Warns of keys that are not in the NULL-ended list, once each. */
void component_known_keys(struct component_ctx *ctx, const struct json *config,
			  const char *const *keys);

void component_ctx_finish(struct component_ctx *ctx);
