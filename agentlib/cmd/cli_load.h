/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * From the command line to a team that can run: the engine, the HTTP client,
 * the component loader. All faults of a file are printed at once.
 */
#include "executor/base/err.h"
#include <stdbool.h>

struct cli_options;
struct component_ctx;
struct engine;
struct http;
struct json;
struct task;

/* Where a notice goes. */
typedef void cli_notice_fn(void *arg, const char *pointer, const char *text);

struct cli_team {
	struct engine *engine;
	struct http *http;
	struct task *task; /* NULL: not loaded */
	const char *file;  /* for messages; borrowed */
	unsigned faults;   /* that were printed */
};

/* What is to be loaded. */
struct cli_source {
	const struct cli_options *options;
	const struct json *node;
	const char *file;    /* its name in messages */
	const char *pointer; /* of node in it */
	cli_notice_fn *notice;
	void *arg;
	/* Told of every fault instead of printing it; may be NULL. */
	cli_notice_fn *fault;
	bool check_only; /* any component; it is loaded and dropped */
};

/*
 * Makes the engine and loads the team. -ERR_INVALID with t->faults > 0 when the
 * file has faults, which are printed then; other errors are in *err. End with
 * cli_unload() in every case.
 */
int cli_load(struct cli_team *t, const struct cli_source *s, struct err *err);

/* Closes and frees all; runs the engine for it. Zeroed is fine. */
void cli_unload(struct cli_team *t);
