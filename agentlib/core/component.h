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
#include <stdint.h>

struct engine;
struct http;
struct json;
struct json_writer;
struct component_ctx;
struct component_frame;

#define COMPONENT_DEPTH_MAX 64
#define COMPONENT_STEPS_MAX 256
#define COMPONENT_FAULTS_MAX 500

enum component_type {
	COMPONENT_MODEL,         /* struct model */
	COMPONENT_AGENT,         /* struct task */
	COMPONENT_TEAM,          /* struct task */
	COMPONENT_TERMINATION,   /* struct termination */
	COMPONENT_CODE_EXECUTOR, /* struct code_executor */
	COMPONENT_MODEL_CONTEXT, /* struct model_context */
	COMPONENT_WORKBENCH,     /* struct workbench */
	COMPONENT_TOOL,
	COMPONENT_MEMORY,
	COMPONENT_TOKEN_PROVIDER,
	COMPONENT_OTHER /* caches, factories: names only */
};
const char *component_type_name(enum component_type t); /* "model", … */

/*
 * A class that can be loaded. `load` gets the config object (NULL = {}) and the
 * component_version it was written for, 1..cls->version: upgrading is the
 * class's business. It returns the object with one reference, or NULL after
 * component_fault(); it may also record faults and go on, so as to find more:
 * then what it returns is dropped by `unref`.
 */
struct component_class {
	const char *provider; /* full name */
	enum component_type type;
	int version; /* newest component_version it knows */
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
	char pointer[256]; /* JSON Pointer of the place */
	char text[512];
	char remedy[256];
};

/* What a loader is given; made by the catalog, filled while loading. */
struct component_ctx {
	struct engine *engine;
	struct http *http; /* for model clients */
	const struct component_class *const *const *floors; /* arrays of arrays,
				   each ended by NULL; see component_find() */
	const char *(*getenv)(
		const char *name);           /* environment; tests replace it */
	char pointer[1024];                  /* so far; "" is the root */
	uint16_t marks[COMPONENT_STEPS_MAX]; /* where each step began */
	unsigned steps;
	unsigned depth;                 /* components inside each other */
	struct component_frame *frame;  /* of the one being loaded */
	struct component_fault *faults; /* owned */
	size_t fault_count;
	/* One notice a component: what is substituted, kept or ignored. May be
	 * NULL. */
	void (*notice)(void *arg, const char *pointer, const char *text);
	void *notice_arg;
	bool check_only;      /* coop team check: start nothing */
	const void *settings; /* struct component_settings */
};

/* Overrides of the command line that loaders look at. NULL/0: none. */
struct component_settings {
	const char *model; /* replaces every model's name */
	const char *base_url;
	const char *backend;      /* "jail" unless said otherwise */
	const char *profile;      /* NULL: "agent" */
	const char *collect;      /* host folder for created files */
	const char *const *files; /* "SRC[:DST]", NULL-ended, put at start */
	uint64_t time_ms;         /* wall limit of one block; 0: the config's */
	uint64_t max_turns; /* replaces that of the outermost team; 0: none */
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

/* The same where several types may stand: a mask of COMPONENT_BIT(). The object
 * of COMPONENT_AGENT|COMPONENT_TEAM is a struct task either way. */
#define COMPONENT_BIT(type) (1u << (type))
void *component_load_any(struct component_ctx *ctx, const struct json *j,
			 const char *key, unsigned types);

/*
 * Writes the whole component object of what component_load() gave, as
 * dump_component() does: the provider it was loaded by, label, what was not
 * known. Objects made in code are written with their own provider.
 */
void component_dump(enum component_type type, const void *object,
		    struct json_writer *w);

/* Records a fault at ctx->pointer + "/" + key (key may be NULL). */
void component_fault(struct component_ctx *ctx, const char *key,
		     const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void component_fault_try(struct component_ctx *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A notice at ctx->pointer. */
void component_notice(struct component_ctx *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Goes one step down ("config", "participants/0") and back up. */
void component_enter(struct component_ctx *ctx, const char *key);
void component_leave(struct component_ctx *ctx);

/* A strangers' key as one step of a JSON Pointer (~0, ~1); cut to `size`. */
void component_escape(const char *key, char *out, size_t size);

/* Typed members of a config; wrong types become faults. Strings are borrowed
 * from the JSON; `otherwise` when absent or null. */
const char *component_string(struct component_ctx *ctx,
			     const struct json *config, const char *key,
			     const char *otherwise);
bool component_bool(struct component_ctx *ctx, const struct json *config,
		    const char *key, bool otherwise);
int64_t component_int(struct component_ctx *ctx, const struct json *config,
		      const char *key, int64_t otherwise);
/* The same within min..max. */
struct component_range {
	int64_t min, max, otherwise;
};
int64_t component_int_range(struct component_ctx *ctx,
			    const struct json *config, const char *key,
			    const struct component_range *range);
double component_number(struct component_ctx *ctx, const struct json *config,
			const char *key, double otherwise);
/* The array or object `key`; NULL when absent or null. */
const struct json *component_array(struct component_ctx *ctx,
				   const struct json *config, const char *key);
const struct json *component_object(struct component_ctx *ctx,
				    const struct json *config, const char *key);

/* A notice for every key that is not in the NULL-ended list; they are kept for
 * the dump. */
void component_known_keys(struct component_ctx *ctx, const struct json *config,
			  const char *const *keys);

/* Frees the faults; the rest is borrowed. */
void component_ctx_finish(struct component_ctx *ctx);
