/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Work that would block the loop (large files, getaddrinfo, users' tools) on
 * at most four helper threads, started at first use. */
#include "executor/base/err.h"

struct engine;

/*
 * Runs fn(arg, err) on a helper thread while this fiber waits; returns its
 * value. Not cancellable once begun: on cancel the fiber goes on waiting, since
 * `arg` may live on its stack; fn that can take long must look at a flag itself.
 * Before that -ERR_CANCELLED or -ERR_DEADLINE. -ERR_REENTRANT outside of fibers,
 * -ERR_UNAVAILABLE when no thread can be made. `name` shows in engine_dump().
 */
typedef int offload_fn(void *arg, struct err *err);
int fiber_offload(const char *name, offload_fn *fn, void *arg, struct err *err);

/* For engine.c: ends and joins the helper threads; no job may be under way. */
void offload_stop(struct engine *e);
