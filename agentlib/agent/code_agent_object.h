/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The inside of a code executor agent, for code_*.c and self_debug.c only. */
#include "agentlib/agent/fences.h"
#include "agentlib/core/task.h"

struct code_executor;
struct model;
struct model_context;

#define CODE_AGENT_PROVIDER "autogen_agentchat.agents.CodeExecutorAgent"

struct code_agent {
	struct task task; /* first */
	struct code_executor *executor;
	struct model *model; /* NULL: runs others' code */
	struct model_context *context;
	char *system;
	bool stream;
	int max_retries;
	bool any_source;
	char **sources;
	size_t source_count;
	char **languages;
	size_t language_count;
	char *untagged;
};
