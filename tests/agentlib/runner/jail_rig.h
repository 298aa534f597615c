/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* An engine, an executor with a real jail, and an empty folder, for one test. */
#include "agentlib/core/code_executor.h"
#include "agentlib/runner/jail.h"
#include "executor/base/err.h"
#include <stddef.h>

struct jail_rig {
	struct engine *engine;
	struct code_executor *x;
	const char *dir; /* the current folder of the test */
};

/* Makes engine and folder; then an executor. A failure ends the test. */
void jail_rig_start(struct jail_rig *r);
void jail_rig_make(struct jail_rig *r, const struct jail_options *o);
void jail_rig_stop(struct jail_rig *r);

/* A call of the executor. */
struct jail_rig_job {
	struct code_executor *x;
	struct code_block blocks[4];
	size_t count;
	struct code_result result;
	struct err err;
	code_output_fn *output;
	void *arg;
};

/* Makes the call: on a fiber; from outside of one. */
int jail_rig_job(void *job, struct err *err);
int jail_rig_run_job(struct jail_rig *r, struct jail_rig_job *j);

/* One block; the result is valid until the next. */
struct code_result *jail_rig_run(struct jail_rig *r, const char *language,
				 const char *code);
