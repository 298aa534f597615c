/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The deferred calls of one loop: a queue that any thread may add to, and an
 * eventfd that is readable while something waits in it. Calls nothing by
 * itself and knows no loop.
 */
#include "executor/base/err.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct loop_call {
	void (*fn)(void *);
	void *arg;
};

struct loop_calls {
	pthread_mutex_t lock; /* of all below but `wake` */
	struct loop_call *items;
	size_t count, cap;
	bool woken; /* `wake` is readable */
	int wake;
};

/* An empty queue; 0 or -ERR_SYSTEM. Ends with loop_calls_finish() either way. */
int loop_calls_init(struct loop_calls *q, struct err *err);

/* Frees the queue; calls that wait in it are not made. */
void loop_calls_finish(struct loop_calls *q);

/* Adds a call at the end and makes `wake` readable; from any thread. */
void loop_calls_add(struct loop_calls *q, void (*fn)(void *), void *arg);

/*
 * Makes the calls that wait now, in order; what they add is left. Whether there
 * were any. Only the loop's thread.
 */
bool loop_calls_run(struct loop_calls *q);
