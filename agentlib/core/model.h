/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The interface of model clients. Implementations stand in model/, one file
 * each; agents and teams call only this. Calls run on a fiber, may wait, and
 * honour the cancel scope in force.
 */
#include "agentlib/core/llm.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct model;
struct component_origin;
struct engine;
struct json_writer;

struct model_info {
	bool vision, function_calling, json_output, structured_output;
	bool multiple_system_messages;
	char family[32]; /* "gpt-4o", "unknown", … */
};

struct model_request {
	struct llm_message *const *messages; /* borrowed */
	size_t count;
	const char *tools_json; /* array of OpenAI function tools; NULL: none */
	const char *tool_choice; /* NULL: auto */
	const char *schema_json; /* structured output: JSON schema; NULL */
	const char *schema_name;
	bool json_output;
	bool stream;
	/* With stream: called for each piece of text, on the caller's fiber, and
	 * may wait. A negative return cancels the call and is returned. */
	int (*chunk)(void *arg, const char *text, size_t len, struct err *err);
	void *arg;
};

struct model_ops {
	const char *provider; /* full name of AutoGen's class */
	int (*create)(struct model *m, const struct model_request *req,
		      struct create_result *out, struct err *err);
	/* The "config" object for dump_component; secrets as "**********". */
	void (*dump)(const struct model *m, struct json_writer *w);
	void (*destroy)(struct model *m);
};

/* First member of every implementation. Counted: agents share clients. */
struct model {
	const struct model_ops *ops;
	unsigned refs;
	struct engine *engine;
	struct model_info info;
	struct usage total; /* of all calls */
	char *name;         /* "gpt-4o-mini"; mem_*, freed by unref */
	struct component_origin *origin; /* set by the loader */
};

/* Asks it, and adds to its total usage. *out ends with create_result_finish(); it
 * is untouched on failure. */
int model_create(struct model *m, const struct model_request *req,
		 struct create_result *out, struct err *err);
/* Counting; the last reference closes the client. */
struct model *model_ref(struct model *m);
void model_unref(struct model *m); /* NULL is fine */
