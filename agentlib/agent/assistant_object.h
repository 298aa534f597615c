/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The inside of an assistant, for assistant.c and assistant_load.c only. */
#include "agentlib/core/task.h"

struct model;
struct model_context;
struct workbench;

#define ASSISTANT_PROVIDER "autogen_agentchat.agents.AssistantAgent"

struct assistant {
	struct task task; /* first */
	struct model *model;
	struct model_context *context;
	char *system;
	bool stream;
	/* Kept for the dump until tools run. */
	struct workbench **workbenches;
	size_t workbench_count;
	bool reflect;
	char *summary_format;
	int64_t max_tool_iterations;
	char *metadata; /* JSON object text; NULL: {} */
};
