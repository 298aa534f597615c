/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The inside of an engine, for the files of this folder only: what a fiber and
 * an engine are made of, who is ready, who runs. Does not know why a fiber
 * waits (fiber.c), who owns it (group.c) or what cancels it (scope.c).
 */
#include "agentlib/fiber/stack.h"
#include "agentlib/fiber/timers.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct group;
struct loop;
struct offload;
struct scope;
struct wait;

#define SCHED_NAME_SIZE 32

struct engine;
struct fiber;

/* One side of a switch: where it is kept, and its stack for the sanitizers. */
struct sched_side {
	void *sp;
	void *fake;
	const void *low;
	size_t size;
};

typedef void sched_fn(struct fiber *f);

/* Lies at the top of its own stack: one mapping a fiber and nothing else. */
struct fiber {
	struct sched_side side;
	struct engine *engine;
	struct fiber *next_ready;
	struct fiber *prev_live, *next_live; /* in order of birth */
	bool queued;                         /* in a ready list */
	bool ended;

	struct scope *scope;  /* in force; a reference */
	struct scope **outer; /* those it covers, a reference each */
	unsigned outer_count, outer_room;
	struct fiber *prev_parked, *next_parked; /* below the same scope */
	struct wait *wait; /* NULL while ready or running */
	struct timer timer;
	uint64_t since_ns; /* when it was parked or made ready */

	sched_fn *main;
	void (*fn)(void *arg);
	void *arg;
	struct group *group;
	struct stack stack;
	char name[SCHED_NAME_SIZE];
};

struct sched_list {
	struct fiber *first, *last;
};

struct engine {
	struct loop *loop;
	struct scope *root;
	struct sched_list ready;
	struct fiber *first_live, *last_live;
	unsigned live;
	struct timers timers;
	struct stack_pool stacks;
	struct sched_side main; /* the thread's own stack, while a fiber runs */

	bool virtual_clock;
	uint64_t virtual_ns;
	uint64_t pass_ns;   /* when the pass began */
	uint64_t polled_ns; /* the pass in which the loop was last asked */

	bool exposed;  /* somebody polls engine_fd() */
	bool stepping; /* inside a pass; it looks after itself */
	bool nudged;   /* a deferred call makes the fd readable */
	struct loop_timer *alarm;
	uint64_t alarm_ns;

	struct offload *offload; /* helper threads, once used */
	unsigned offloads;       /* jobs they have */
};

/* The fiber that runs on this thread, NULL outside of any. */
struct fiber *sched_self(void);

/* The real monotonic clock, or the virtual one. */
uint64_t sched_now(const struct engine *e);

/* A parked fiber to the end of the ready list; fine when it is there already. */
void sched_ready(struct fiber *f);

/* Makes a ready fiber with a stack; scope, fn, arg, group are zero, for others
 * to fill. It ends by main's return. NULL with *err when no stack can be had. */
struct fiber *sched_create(struct engine *e, const char *name, sched_fn *main,
			   struct err *err);

/* Gives way until somebody calls sched_ready() for the running fiber. */
void sched_park(void);

/* Makes ready all whose timer has come, in the order of the heap. */
void sched_expire(struct engine *e);

/* Runs once each fiber that is ready now. Not on a fiber. */
void sched_pass(struct engine *e);

/* Makes engine_fd() readable if somebody polls it and no pass is under way. */
void sched_nudge(struct engine *e);
