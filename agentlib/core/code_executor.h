/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The interface of code executors as agents see them (autogen_core's
 * CodeExecutor). Implementations stand in runner/. Calls run on a fiber, may
 * wait, honour cancel: a cancelled block's processes are dead when it returns.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_executor;
struct component_origin;
struct engine;
struct json_writer;

struct code_block {
	char *code;
	char *language; /* as in the fence; "" when untagged */
};

struct code_file {
	char *path; /* relative to /workspace */
	uint64_t size;
};

struct code_result {
	int exit_code;           /* 124 timeout, 137 memory, 128+n signal */
	char *output;            /* stdout and stderr in the order written,
				       UTF-8, with the omission marker */
	struct code_file *files; /* created or changed by these blocks */
	size_t file_count;
	char *status; /* of the last block: "ok", "failed", … */
};
void code_result_finish(struct code_result *r);

/* Output while it runs; on the caller's fiber, may wait. */
typedef int code_output_fn(void *arg, const char *data, size_t len,
			   struct err *err);

/* What to execute: borrowed for the call. */
struct code_run {
	const struct code_block *blocks;
	size_t count;
	code_output_fn *output; /* NULL: nobody looks on */
	void *arg;              /* of output */
};

struct code_executor_ops {
	const char *provider;
	int (*start)(struct code_executor *x, struct err *err);
	int (*stop)(struct code_executor *x, struct err *err);
	int (*restart)(struct code_executor *x, struct err *err);
	/* Blocks in order; stops at the first that does not exit 0. A program
	 * that fails is a result; an error means Coop could not. */
	int (*execute)(struct code_executor *x, const struct code_run *run,
		       struct code_result *out, struct err *err);
	void (*dump)(const struct code_executor *x, struct json_writer *w);
	void (*destroy)(struct code_executor *x);
};

struct code_executor {
	const struct code_executor_ops *ops;
	unsigned refs;
	struct engine *engine;
	bool started;
	struct component_origin *origin; /* set by the loader */
};

int code_executor_start(struct code_executor *x,
			struct err *err); /* idempotent */
int code_executor_stop(struct code_executor *x, struct err *err);
int code_executor_restart(struct code_executor *x, struct err *err);
/* Starts it if needed. */
int code_executor_execute(struct code_executor *x, const struct code_run *run,
			  struct code_result *out, struct err *err);
struct code_executor *code_executor_ref(struct code_executor *x);
void code_executor_unref(struct code_executor *x); /* NULL is fine */
