/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The fibers of a runtime. Each runs one handler after the other as long as any
 * is ready; whenever something is ready, one that has not begun yet stands by,
 * so that a handler that waits holds up nobody.
 */
#include "executor/base/err.h"
#include <stdbool.h>

struct envelope;
struct runtime;

/*
 * Brings `e` to its agent; its reference moves to the runtime. -ERR_TOO_LARGE
 * when there is no fiber to be had for it: it is the caller's still.
 */
int worker_deliver(struct runtime *rt, struct envelope *e, struct err *err);

/* After the start: begins with what is ready. As above. */
int worker_begin(struct runtime *rt, struct err *err);

/* Ends a running runtime: what waits is dropped, what runs is cancelled and
 * ends later. Waits for nothing. */
void worker_halt(struct runtime *rt, const char *reason);

/* Drops everything that waits. */
void worker_drop_all(struct runtime *rt, const char *reason);

/* Whether the running fiber is one of them. */
bool worker_is_me(const struct runtime *rt);

/* Drops a reference of the runtime; the last one frees it. */
void worker_release(struct runtime *rt);
