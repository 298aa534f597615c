/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Facts → status. Pure: what the kernel counted and what Coop latched goes in,
 * one honest word comes out. Collecting the facts is run_program.c's business.
 */
#include "executor/spec/result.h"
#include <stdbool.h>
#include <stdint.h>

struct facts {
	int wait_status; /* of waitpid(2); of no use when `broken` */
	bool broken;     /* Coop failed after the first instruction */
	const char *why; /* then: one sentence, borrowed; else NULL */
	bool leftover;   /* the box could not be verified empty */
	enum reason reasons[REASONS_MAX]; /* latched, first first */
	unsigned reason_count;
	bool oom_kill;         /* the group's counter rose */
	bool memory_at_limit;  /* and its own limit was reached */
	int64_t cpu_ns;        /* -1: not known */
	uint64_t cpu_limit_ns; /* 0: none */
	bool output_over;      /* a stream passed its limit */
};

struct verdict {
	enum run_status status;
	int exit_code; /* -1: none */
	int signal;    /* 0: none */
	enum reason reasons[REASONS_MAX];
	unsigned reason_count;
	const char *message; /* NULL, constant, or facts->why */
};

/* Never fails: facts that contradict each other are RUN_SANDBOX_ERROR. */
struct verdict verdict_of(const struct facts *f);
