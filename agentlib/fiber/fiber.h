/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Fibers: cheap stacks that run one at a time on the engine's thread and give
 * way only in fiber_wait(). A wake-up only moves a fiber to the end of the
 * ready list; nobody runs inside a wake-up or a loop callback. errno does not
 * survive a wait.
 */
#include "executor/base/clock.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct engine;
struct fiber;
struct group;
struct scope;

/*
 * What a fiber waits for. Lives where its owner likes (stack of the waiter or
 * heap); `what` is a literal shown by engine_dump(). One waiter at a time.
 */
struct wait {
	const char *what;
	struct fiber *waiter;
	bool done;
};
void wait_init(struct wait *w, const char *what);

/* Marks it done and makes its waiter ready; early and repeated wakes are fine.
 * From the engine's thread only. */
void wait_wake(struct wait *w);

/*
 * Parks this fiber until wait_wake(w), `d`, or the cancel of the scope in
 * force. The only function that parks. 0 (w->done is reset to false),
 * -ERR_DEADLINE, -ERR_CANCELLED (text is the reason), -ERR_REENTRANT when not
 * called on a fiber. A cancelled scope wins over a done wait only if the wait
 * is not done.
 */
int fiber_wait(struct wait *w, struct deadline d, struct err *err);

/*
 * As fiber_wait() without an end: neither cancel nor deadline. For waits whose
 * waker is certain to come and looks into the waiter's stack (helper threads)
 * or ends by the same cancel (fibers of a group). -ERR_REENTRANT as above.
 */
int fiber_await(struct wait *w, struct err *err);

/* Sleeps for `ms`; 0, or as fiber_check() when the scope in force ends. */
int fiber_sleep(uint64_t ms, struct err *err);

/* To the end of the ready list; never fails, ignores cancel. */
void fiber_yield(void);

typedef void fiber_fn(void *arg);

/*
 * Starts fn(arg) on a new fiber that belongs to `group` and inherits the
 * group's scope. Runs first when the caller next waits, also in a cancelled
 * scope: its waits fail then. -ERR_TOO_LARGE when no stack can be had. `name` is
 * copied (31 bytes).
 */
int fiber_spawn(struct group *group, const char *name, fiber_fn *fn, void *arg,
		struct err *err);

/* The running fiber, NULL outside of any; its engine; its scope in force. */
struct fiber *fiber_self(void);
struct engine *fiber_engine(void);
struct scope *fiber_scope(void);

/*
 * Puts `s` in force for this fiber until the matching fiber_leave(). Scopes
 * nest like blocks. The fiber holds a reference meanwhile.
 */
void fiber_enter(struct scope *s);
void fiber_leave(struct scope *s);

/* 0, or -ERR_CANCELLED / -ERR_DEADLINE when the scope in force has ended. */
int fiber_check(struct err *err);
