/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Fibers have an owner. A group ends when its fibers have ended; the first
 * error given to group_fail() cancels the others. No fiber is dropped with its
 * stack: cleanup runs by returning.
 */
#include "executor/base/err.h"

struct engine;
struct group;
struct scope;

/* A group whose scope is a child of `parent` (NULL: the caller's scope in
 * force, or the engine's root outside of fibers). */
struct group *group_create(struct engine *e, struct scope *parent);

/* The scope that its fibers inherit. */
struct scope *group_scope(struct group *g);

/* Called on a fiber of the group that failed: keeps the first error and
 * cancels the rest. */
void group_fail(struct group *g, const struct err *err);

/* Waits until all its fibers have ended, then 0 or the first error. The
 * caller's own cancel is passed on to the group and its end awaited. */
int group_wait(struct group *g, struct err *err);

/* Cancels, waits for the end if fibers run, frees. NULL is fine. Must be on a
 * fiber, or no fiber of the group may be alive. */
void group_destroy(struct group *g);
