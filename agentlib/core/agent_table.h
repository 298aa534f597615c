/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The agents of a runtime by id, and their types. One block of memory an agent,
 * key included, and a place in the table; none ever moves or goes before the
 * table does, so pointers to them and to their strings are good for its life.
 */
#include "agentlib/core/agent_id.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agent_class;
struct envelope;

struct agent_kind {
	struct agent_kind *next; /* in its hash chain */
	const struct agent_class *agent_class;
	void *arg;
	uint64_t hash;
	bool instances; /* they are given, not made */
	char name[];
};

struct agent_cell {
	struct agent_kind *kind;
	void *state;
	struct envelope *active; /* the turns inside it, the innermost first */
	struct envelope *last;   /* those that wait, a ring ending here */
	struct agent_cell *next; /* in order of birth */
	uint32_t hash;
	bool made, making;
	char key[];
};

#define AGENT_KINDS 256 /* hash chains of types */

struct agent_table {
	uint64_t seed;
	struct agent_cell **slots; /* open addressing, a power of two */
	size_t room, count, max;
	struct agent_cell *first, *newest;
	struct agent_kind *kinds[AGENT_KINDS];
};

/* Empty, for at most `max` agents; ends by agent_table_finish(). */
void agent_table_init(struct agent_table *t, size_t max);

/* Frees cells and types; the states are the caller's business before. */
void agent_table_finish(struct agent_table *t);

/* A type of that name or NULL. */
struct agent_kind *agent_table_kind(const struct agent_table *t,
				    const char *name);

/* A new type; the caller has seen that there is none. */
struct agent_kind *agent_table_add_kind(struct agent_table *t,
					const char *name);

/* The hash of a key, for agent_table_find() of one key in several types. */
uint64_t agent_table_hash(const struct agent_table *t, const char *key);

/* The agent or NULL. `hash` is agent_table_hash(key). */
struct agent_cell *agent_table_find(const struct agent_table *t,
				    const struct agent_kind *k, const char *key,
				    uint64_t hash);

/* The agent, made empty when it is not there; NULL with ERR_TOO_LARGE. */
struct agent_cell *agent_table_get(struct agent_table *t, struct agent_kind *k,
				   const char *key, uint64_t hash,
				   struct err *err);

/* Its id; the strings live as long as the table. */
struct agent_id agent_cell_id(const struct agent_cell *c);
