/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The agent that answers by asking a model
 * (autogen_agentchat.agents.AssistantAgent). Tools, hand-offs and memories are
 * not run yet; files that carry them empty load.
 */
#include "agentlib/core/component.h"

struct engine;
struct model;
struct model_context;
struct task;

/* Tells a model to solve the task and to say TERMINATE when it is done. */
extern const char assistant_system_message[];

struct assistant_options {
	const char *name;              /* an identifier */
	const char *description;       /* NULL: the default */
	const char *system;            /* NULL: no system message */
	struct model *model;           /* referenced */
	struct model_context *context; /* referenced; NULL: unbounded */
	bool stream;
};

/* An assistant with one reference. */
struct task *assistant_create(struct engine *e,
			      const struct assistant_options *o);

/* Its row, versions 1 (tools, handoffs) and 2 (workbench). */
extern const struct component_class assistant_class;
