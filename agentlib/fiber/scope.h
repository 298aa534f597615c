/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Cancellation as a tree of scopes. Cancel is sticky and has a reason; every
 * wait below a cancelled scope returns -ERR_CANCELLED at once (a passed
 * deadline of a scope is a cancel whose waits return -ERR_DEADLINE). A shield
 * is a scope that its parent's cancel does not enter, with a deadline of its own
 * so that cleanup may wait but not for ever.
 */
#include "executor/base/clock.h"
#include "executor/base/err.h"
#include <stdbool.h>

struct engine;
struct fiber;
struct scope;

/* A child of `parent` (NULL: of the engine's root); `d` may be DEADLINE_NEVER. */
struct scope *scope_create(struct engine *e, struct scope *parent,
			   struct deadline d);

/* A scope that ignores the cancel of its parents, at most `ms` long. */
struct scope *scope_shield(struct engine *e, unsigned ms);

/* Cancels it and all below, waking their waiters; the first reason stays.
 * NULL and repeated calls are fine. The reason is copied. */
void scope_cancel(struct scope *s, const char *reason);

/* Whether it or an ancestor (up to a shield) is cancelled. */
bool scope_cancelled(const struct scope *s);

/* Why; NULL when it is not cancelled. Lives as long as the scope. */
const char *scope_reason(const struct scope *s);

/* 0, -ERR_CANCELLED (text is the reason), or -ERR_DEADLINE. */
int scope_check(const struct scope *s, struct err *err);

/* The earliest deadline of it and its ancestors (up to a shield). */
struct deadline scope_deadline(const struct scope *s);

/* Counted: a fiber or call in flight holds its scope. */
struct scope *scope_ref(struct scope *s);
void scope_unref(struct scope *s); /* NULL is fine */

/*
 * For fiber.c: a fiber that parks under `s` is woken by its cancel, until
 * scope_unpark(). The caller has seen that `s` is not cancelled.
 */
void scope_park(struct scope *s, struct fiber *f);
void scope_unpark(struct scope *s, struct fiber *f);
