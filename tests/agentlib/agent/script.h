/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A model and a code executor that say what the test wrote down, and remember
 * what they were asked. They stand in for parts that need a network or a jail;
 * the real ones are tested where they live.
 */
#include "agentlib/core/code_executor.h"
#include "agentlib/core/model.h"
#include <stdint.h>

struct script_reply {
	const char *content; /* NULL with `fails` */
	const char *thought;
	uint64_t wait_ms;  /* before it answers; honours cancel */
	const char *fails; /* an error's text */
};

/* Ends with model_unref(). The array is borrowed. */
struct model *script_model(struct engine *e, const struct script_reply *replies,
			   size_t count);

/* JSON of the messages of the nth request; NULL when there was none. */
const char *script_model_request(const struct model *m, size_t n);

struct script_output {
	int exit_code;
	const char *output;
	const char *file; /* that it created; NULL: none */
	uint64_t wait_ms;
};

/* Ends with code_executor_unref(). The array is borrowed. */
struct code_executor *script_executor(struct engine *e,
				      const struct script_output *outputs,
				      size_t count);

/* The blocks of the nth execution, "language:code" joined by "|". */
const char *script_executor_code(const struct code_executor *x, size_t n);

/* How often it was started and stopped. */
void script_executor_counts(const struct code_executor *x, int *starts,
			    int *stops);
