/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The interface of termination conditions; implementations stand in team/. */
#include "agentlib/core/message.h"
#include "executor/base/err.h"
#include <stdbool.h>

struct termination;
struct component_origin;
struct json_writer;

struct termination_ops {
	const char *provider;
	/*
	 * Looks at the messages since the last call. Returns 0 with *stop set to a
	 * StopMessage (one reference, source = class name) when it fires, NULL
	 * otherwise; -ERR_CONFLICT when it has fired and was not reset.
	 */
	int (*check)(struct termination *t, struct message *const *delta,
		     size_t count, struct message **stop, struct err *err);
	void (*reset)(struct termination *t);
	void (*dump)(const struct termination *t, struct json_writer *w);
	void (*destroy)(struct termination *t);
};

struct termination {
	const struct termination_ops *ops;
	unsigned refs;
	bool terminated;
	struct component_origin *origin; /* set by the loader */
};

/* As ops->check; remembers that it fired. */
int termination_check(struct termination *t, struct message *const *delta,
		      size_t count, struct message **stop, struct err *err);
/* As new. */
void termination_reset(struct termination *t);
/* Counting. */
struct termination *termination_ref(struct termination *t);
void termination_unref(struct termination *t); /* NULL is fine */
