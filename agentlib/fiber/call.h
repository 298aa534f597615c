/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A counted slot on the heap for one reply: the waiter may give up (cancel,
 * deadline) and leave; the replier then finds nobody and its value is dropped
 * by `drop`. Never a pointer into the waiter's stack.
 */
#include "executor/base/clock.h"
#include "executor/base/err.h"
#include <stdbool.h>

struct call;

/* A slot with two references: waiter and replier. `drop` frees an unclaimed
 * value (may be NULL); `what` is a literal for engine_dump(). */
struct call *call_create(const char *what, void (*drop)(void *value));

/* The replier's end: gives a value (ownership moves) or an error and drops the
 * replier's reference. */
void call_reply(struct call *c, void *value);
void call_fail(struct call *c, const struct err *err);

/* Whether the waiter has left. Only for the replier, before it replied. */
bool call_abandoned(const struct call *c);

/* The waiter's end: waits, sets *value, drops the waiter's reference in every
 * case. Errors: the replier's, or those of fiber_wait(). */
int call_wait(struct call *c, struct deadline d, void **value, struct err *err);

/* The waiter's end without waiting: drops its reference. NULL is fine. */
void call_abandon(struct call *c);
