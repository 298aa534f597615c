/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One program in one box, from its pipes to its end: starts it, feeds and
 * drains it, collects the facts. What they mean is verdict.c's business.
 */
#include "executor/base/err.h"
#include "executor/broker/client.h"
#include "executor/run/feed.h"
#include "executor/run/verdict.h"

struct run_box;
struct run_program;

struct run_program_spec {
	const char *const *argv, *const *env; /* borrowed for the call */
	struct feed_source input;             /* data borrowed until the end */
	uint64_t output_bytes;                /* kept of each stream */
	uint64_t time_ms;                     /* 0: the box's */
	bool output_kills;                    /* profile: output_over = kill */
	bool merge;                           /* errors into output's pipe */
};

struct run_program_output {
	char *data; /* owned; mem_free() */
	size_t len;
	bool truncated;
};

/* How it ended. `end` is what the broker said, or NULL when it was lost. */
struct run_program_report {
	struct facts facts;
	const struct broker_end *end;
	struct run_program_output out, err; /* to be taken */
	uint64_t started_ns; /* when it was told to have started */
};

struct run_program_events {
	void *arg;
	/* Output as it comes; may be NULL. */
	void (*output)(void *arg, int stream, const char *data, size_t len);
	/* Once: it ended (report), or failed before its first instruction
	 * (err). */
	void (*ended)(void *arg, struct run_program_report *report,
		      const struct err *err);
};

/* Uses the box (which must be ready and used by the caller, who passes the
 * box's events on by the functions below). */
int run_program_start(struct run_program **out, struct run_box *b,
		      const struct run_program_spec *spec,
		      const struct run_program_events *ev, struct err *err);

/* The box's events. */
void run_program_on_started(struct run_program *p, const struct err *err);
void run_program_on_ended(struct run_program *p, const struct broker_end *end);
void run_program_on_lost(struct run_program *p, const struct err *err);

/* Kills its tree for a reason; the end follows. */
void run_program_kill(struct run_program *p, enum reason why);

/* Calls `ended` now with what there is, as cancelled: the box is ending. */
void run_program_abandon(struct run_program *p);

void run_program_destroy(struct run_program *p); /* NULL is fine */
