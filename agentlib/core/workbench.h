/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A set of tools that an agent may call (autogen_core's Workbench).
 * Implementations stand in tool/. Calls run on a fiber and may wait.
 */
#include "agentlib/core/llm.h"
#include "executor/base/err.h"
#include <stddef.h>

struct workbench;
struct buf;
struct component_origin;
struct json;
struct json_writer;

struct workbench_ops {
	const char *provider;
	/* Writes each tool as {"name","description","parameters","strict"?}
	 * into the array that the caller has begun; how many, or negative. */
	int (*list)(struct workbench *b, struct json_writer *w,
		    struct err *err);
	/* A tool that fails is a result with is_error; an error means Coop
	 * could not. `out` is freed by the caller (its three strings). */
	int (*call)(struct workbench *b, const struct function_call *call,
		    struct function_result *out, struct err *err);
	void (*save)(const struct workbench *b, struct json_writer *w);
	int (*load)(struct workbench *b, const struct json *state,
		    struct err *err);
	void (*dump)(const struct workbench *b, struct json_writer *w);
	void (*destroy)(struct workbench *b);
};

struct workbench {
	const struct workbench_ops *ops;
	unsigned refs;
	struct component_origin *origin; /* set by the loader */
};

/* See the ops. */
int workbench_list(struct workbench *b, struct json_writer *w, struct err *err);
int workbench_call(struct workbench *b, const struct function_call *call,
		   struct function_result *out, struct err *err);
struct workbench *workbench_ref(struct workbench *b);
void workbench_unref(struct workbench *b); /* NULL is fine */
