/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What an agent remembers for its model (autogen_core's ChatCompletionContext):
 * messages go in, the view that the model is shown comes out. Implementations
 * stand in memory/.
 */
#include "agentlib/core/llm.h"
#include "executor/base/err.h"
#include <stddef.h>

struct model_context;
struct component_origin;
struct json;
struct json_writer;

/* References, in order. llm_list_finish() drops them. */
struct llm_list {
	struct llm_message **items;
	size_t count, cap;
};
void llm_list_add(struct llm_list *l, struct llm_message *m); /* refs it */
void llm_list_finish(struct llm_list *l);

struct model_context_ops {
	const char *provider;
	/* Appends the view to *out. */
	int (*view)(struct model_context *c, struct llm_list *out,
		    struct err *err);
	void (*dump)(const struct model_context *c, struct json_writer *w);
	void (*destroy)(struct model_context *c);
};

/* First member of every implementation; `all` holds every message added. */
struct model_context {
	const struct model_context_ops *ops;
	unsigned refs;
	struct llm_list initial; /* of the config; a dump writes them */
	struct llm_list all;
	struct component_origin *origin; /* set by the loader */
};

/* References the message. */
void model_context_add(struct model_context *c, struct llm_message *m);

/* Appends what the model is to see; 0 or negative with *err. */
int model_context_view(struct model_context *c, struct llm_list *out,
		       struct err *err);

/*
 * How much it holds, and back to that: an agent whose turn failed forgets what
 * the turn added, since it will be given the same messages again.
 */
size_t model_context_mark(const struct model_context *c);
void model_context_rewind(struct model_context *c, size_t mark);

/* Forgets all, the initial messages too. */
void model_context_clear(struct model_context *c);

/* {"messages":[…]} */
void model_context_save(const struct model_context *c, struct json_writer *w);
/* Replaces what it holds; untouched when the state is wrong. */
int model_context_load(struct model_context *c, const struct json *state,
		       struct err *err);

/* Counting. */
struct model_context *model_context_ref(struct model_context *c);
void model_context_unref(struct model_context *c); /* NULL is fine */
