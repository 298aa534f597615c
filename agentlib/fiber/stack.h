/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Stacks of fibers: reserved address space that costs only what is touched, a
 * guard below, ended ones reused. Does not know what runs on them.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct stack_kept;

struct stack {
	char *low;         /* lowest usable byte, just above the guard */
	size_t size;       /* usable bytes */
	unsigned valgrind; /* its number there */
};

struct stack_pool {
	size_t size;  /* usable bytes of each */
	unsigned max; /* taken at the same time, at most */
	unsigned taken, kept;
	bool split_guard;        /* MADV_GUARD_INSTALL is not to be had */
	struct stack_kept *free; /* ended ones, the warmest first */
};

#define STACK_SIZE_MIN ((size_t)32 << 10)
#define STACK_SIZE_MAX ((size_t)64 << 20)

/* An empty pool; size 0 is the default, sizes are rounded up to pages. */
void stack_pool_init(struct stack_pool *p, size_t size, unsigned max);

/* Unmaps the kept ones; none may be taken. */
void stack_pool_finish(struct stack_pool *p);

/* A stack with its guard, to be given back by stack_give(). -ERR_TOO_LARGE
 * when `max` are taken or the kernel has no more mappings. */
int stack_take(struct stack_pool *p, struct stack *out, struct err *err);

/* Back into the pool: nothing may run on it or look into it any more. */
void stack_give(struct stack_pool *p, struct stack s);
