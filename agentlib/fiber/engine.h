/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One loop, one scheduler, and what runs on them. Belongs to the thread that
 * made it; no globals but a thread-local pointer to the running fiber. Only
 * engine_post() may be called from other threads.
 */
#include "executor/base/clock.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct buf;
struct engine;
struct loop;
struct scope;

struct engine_options {
	size_t stack_size;   /* 0: 256 KiB (512 under sanitizers) */
	unsigned fibers_max; /* 0: 30000 */
	bool virtual_clock;  /* tests: when nothing is ready, time jumps to
				   the next timer */
};

/* NULL with *err. `o` may be NULL. */
struct engine *engine_create(const struct engine_options *o, struct err *err);

/* Cancels the root scope, drives until all fibers have ended, frees. Neither
 * on a fiber nor in a loop callback (then it does nothing). NULL is fine. */
void engine_destroy(struct engine *e);

/* Its loop, and the scope above all its fibers; both belong to the engine. */
struct loop *engine_loop(struct engine *e);
struct scope *engine_root(struct engine *e);

/* The engine's time in ns: the real monotonic clock, or the virtual one. */
uint64_t engine_now_ns(const struct engine *e);

/* A deadline `ms` from engine_now_ns(). */
struct deadline engine_in_ms(const struct engine *e, uint64_t ms);

/*
 * Runs fn(arg) on a fiber and drives the engine until it has ended; on a fiber
 * calls it directly. fn's return value comes back. -ERR_REENTRANT inside a loop
 * callback and on a fiber of another engine.
 */
typedef int engine_fn(void *arg, struct err *err);
int engine_run(struct engine *e, const char *name, engine_fn *fn, void *arg,
	       struct err *err);

/* For programs with their own loop: poll this fd for reading, call step. Once
 * asked for, the fd is kept readable while fibers are ready or timers are due. */
int engine_fd(struct engine *e);
/* Runs what is ready once, then polls at most until `d`. -ERR_REENTRANT on a
 * fiber or in a loop callback; -ERR_SYSTEM when polling fails. */
int engine_step(struct engine *e, struct deadline d, struct err *err);

/* Runs fn(arg) on the engine's thread in a loop callback; any thread may call. */
void engine_post(struct engine *e, void (*fn)(void *arg), void *arg);

/* One line a fiber: name, what it waits for, since when (ms). */
void engine_dump(const struct engine *e, struct buf *out);

/* Live fibers. */
unsigned engine_fibers(const struct engine *e);
