/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The agent that runs code (autogen_agentchat.agents.CodeExecutorAgent). Without
 * a model it runs what others wrote and answers with the output; with one it
 * writes the code itself, looks at the errors and tries again.
 */
#include "agentlib/core/component.h"

struct code_executor;
struct engine;
struct model;
struct model_context;
struct task;

/* Tells a model to answer with fenced programs. */
extern const char code_executor_agent_system_message[];

struct code_executor_agent_options {
	const char *name;               /* an identifier */
	const char *description;        /* NULL: the default */
	struct code_executor *executor; /* referenced */
	struct model *model;           /* referenced; NULL: runs others' code */
	struct model_context *context; /* referenced; NULL: unbounded */
	const char *system;            /* NULL: none; only with a model */
	bool stream;
	int max_retries;      /* needs structured output */
	const char *untagged; /* language of fences without a tag; or NULL */
};

/*
 * An agent with one reference. It takes code of every source in python and sh
 * fences; other limits are set by loading it from JSON.
 */
struct task *code_executor_agent_create(
	struct engine *e, const struct code_executor_agent_options *o);

/* Its row. */
extern const struct component_class code_executor_agent_class;
