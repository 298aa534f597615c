/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One block as one program of a box, seen from a fiber: starts it, passes its
 * output on, waits for its end, brings its files home, says what became of it.
 * Making and ending boxes is jail.c's.
 */
#include "agentlib/core/code_executor.h"
#include "executor/base/buf.h"
#include "executor/base/err.h"
#include "executor/include/executor.h"
#include <stddef.h>
#include <stdint.h>

struct block_program;
struct engine;
struct host_write;
struct jail_job;

/* A box and what belongs to it; jail.c fills it. */
struct jail_box {
	struct engine *engine;
	struct coop_box *box;          /* NULL: broken, closed by an exec */
	const struct host_write *dest; /* for created files; NULL: nowhere */
	uint64_t time_ms;              /* wall limit of a block */
	struct coop_limits limits;     /* as enforced */
	const struct coop_file *files; /* put before the next program */
	size_t file_count;
	struct jail_job *job; /* the one that runs */
};

/* What a block came to. */
struct jail_outcome {
	int exit_code;
	const char *status;      /* literal or "" */
	struct buf output;       /* UTF-8 */
	struct code_file *files; /* owned */
	size_t file_count;
};

/* Empty; end with jail_outcome_finish(). */
void jail_outcome_init(struct jail_outcome *o);
void jail_outcome_finish(struct jail_outcome *o);

/*
 * Runs `p` and fills *out (made by jail_outcome_init(), appended to); `run` is
 * where output goes meanwhile. A program that fails is an outcome; errors are
 * those of Coop, of run->output, and cancel: then the program's processes are
 * dead and its files dropped.
 */
int jail_exec(struct jail_box *b, const struct block_program *p,
	      const struct code_run *run, struct jail_outcome *out,
	      struct err *err);

/* The box's connection is gone: ends the waiting job with `e`, if any. */
void jail_exec_broken(struct jail_box *b, const struct coop_err *e);

/* An error of the door as one of ours; returns -err->code. */
int jail_error(const struct coop_err *e, struct err *err);

/* err->field of everything that is Coop's failure and not a program's. */
#define JAIL_FIELD "jail"
