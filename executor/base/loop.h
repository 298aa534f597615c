/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The event loop: epoll, timers ordered by (deadline, sequence), children by
 * pidfd, signals by signalfd, and deferred calls. One loop belongs to one
 * thread; only loop_post() may be called from others. A callback may remove any
 * watch, its own included; a watch is removed from epoll before its fd closes.
 */
#include "executor/base/clock.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
struct loop_fd;
struct loop_timer;

/* A loop, or NULL with *err. Ends with loop_destroy(). */
struct loop *loop_create(struct err *err);

/* Frees the loop and all its watches (their fds stay open); NULL is fine. */
void loop_destroy(struct loop *l);

/* The pollable descriptor of the loop (an epoll fd): readable when work waits,
 * timers included. Owned by the loop. */
int loop_pollfd(const struct loop *l);

typedef void loop_fd_fn(void *arg, uint32_t events); /* EPOLLIN, EPOLLOUT, … */
typedef void loop_fn(void *arg);

/* Watches fd (borrowed) for EPOLL* `events`, level-triggered; NULL with *err. */
struct loop_fd *loop_watch(struct loop *l, int fd, uint32_t events,
			   loop_fd_fn *fn, void *arg, struct err *err);

/* Changes the events; 0 pauses. */
void loop_watch_set(struct loop_fd *w, uint32_t events);

/* Removes; NULL is fine. Call before closing the fd. */
void loop_unwatch(struct loop_fd *w);

/* Calls fn once when `d` has passed. The timer frees itself when it fires. */
struct loop_timer *loop_at(struct loop *l, struct deadline d, loop_fn *fn,
			   void *arg);

/* Stops a timer that has not fired; NULL is fine. */
void loop_timer_cancel(struct loop_timer *t);

/* Calls fn on the next pass, in order of calls. */
void loop_defer(struct loop *l, loop_fn *fn, void *arg);

/* As loop_defer(), from any thread, and wakes the loop. */
void loop_post(struct loop *l, loop_fn *fn, void *arg);

/*
 * Blocks `signo` in this thread and calls fn(arg) on the loop when it comes.
 * For programs only: a library keeps its hands off signals. NULL fn restores.
 */
int loop_signal(struct loop *l, int signo, loop_fn *fn, void *arg,
		struct err *err);

/*
 * One pass: runs deferred calls, waits until `d` at most for events or timers
 * (not at all if calls have run), runs them. 0, or -ERR_SYSTEM. -ERR_REENTRANT
 * inside a callback of this loop.
 */
int loop_step(struct loop *l, struct deadline d, struct err *err);

/* When the next timer fires; DEADLINE_NEVER if none. */
struct deadline loop_next(const struct loop *l);

/* Passes until *flag becomes true or `d` has passed (-ERR_DEADLINE). */
int loop_until(struct loop *l, const bool *flag, struct deadline d,
	       struct err *err);

/* Whether a callback of this loop is running now. */
bool loop_running(const struct loop *l);
