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
 * caller's own cancel is passed on to the group and its end awaited; it is what
 * is returned if no fiber failed. -ERR_REENTRANT outside of fibers while some
 * are alive, and on a fiber of the group. */
int group_wait(struct group *g, struct err *err);

/* Cancels, waits for the end if fibers run, frees. NULL is fine. Where it
 * cannot wait (outside of fibers, on a fiber of the group) the last fiber frees
 * it; the pointer is gone for the caller in every case. */
void group_destroy(struct group *g);

/* For spawn.c: the engine; one fiber more; one less, on that fiber. */
struct engine *group_engine(const struct group *g);
void group_join(struct group *g);
void group_part(struct group *g);
