/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Files into a box, then one program in it: what a compile step and a run have
 * in common. Ends with how the program ended; files out are the caller's.
 */
#include "executor/run/run_program.h"
#include "executor/run/put.h"

struct run_box;
struct stage;

#define STAGE_LISTS_MAX 3

struct stage_spec {
	const struct put_list *lists[STAGE_LISTS_MAX]; /* borrowed; NULL: none */
	struct run_program_spec program; /* all borrowed until the end */
};

struct stage_events {
	void *arg;
	void (*output)(void *arg, int stream, const char *data, size_t len);
	/* Once; as run_program_events.ended. */
	void (*ended)(void *arg, struct run_program_report *report,
		      const struct err *err);
	/* The box died after `ended`. */
	void (*lost)(void *arg, const struct err *err);
};

/* Becomes the user of the box until stage_destroy(). */
int stage_start(struct stage **out, struct run_box *b,
		const struct stage_spec *spec, const struct stage_events *ev,
		struct err *err);

/* `ended` comes soon, from the loop. */
void stage_cancel(struct stage *s);

/* `ended` comes now, from inside: the box is about to be destroyed. */
void stage_abandon(struct stage *s);

/* After `ended`, or just before the box is destroyed. NULL is fine. */
void stage_destroy(struct stage *s);
