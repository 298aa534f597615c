/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What ends or questions a run from outside: Ctrl-C, SIGTERM, the time limit,
 * SIGUSR1. Cancels a scope; the second Ctrl-C ends the process there and then.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

struct engine;
struct loop_fd;
struct loop_timer;
struct scope;

struct cli_watch {
	struct engine *engine;
	struct scope *scope; /* cancelled by what happens */
	struct loop_timer *timer;
	struct loop_fd *wake;
	int pipe[2]; /* from the handler to the loop */
	bool interrupted, timed_out;
};

/* Begins to watch for `scope` (borrowed); time_ms 0: no limit. */
int cli_watch_start(struct cli_watch *w, struct engine *e, struct scope *scope,
		    uint64_t time_ms, struct err *err);

/* Ends it; a signal that comes now ends the process. */
void cli_watch_stop(struct cli_watch *w);
