/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys come from strangers (topic sources), so hashes start from a random seed.
 */
#include "agentlib/core/agent_table.h"

#include "executor/base/clock.h"
#include "executor/base/mem.h"
#include <string.h>
#include <sys/random.h>

#define AGENT_TABLE_ROOM 16

void agent_table_init(struct agent_table *t, size_t max)
{
	memset(t, 0, sizeof(*t));
	t->max = max;
	if (getrandom(&t->seed, sizeof(t->seed), 0) != sizeof(t->seed))
		t->seed = clock_now_ns();
}

void agent_table_finish(struct agent_table *t)
{
	struct agent_cell *c;

	while ((c = t->first)) {
		t->first = c->next;
		mem_free(c);
	}
	for (size_t i = 0; i < AGENT_KINDS; i++) {
		struct agent_kind *k;

		while ((k = t->kinds[i])) {
			t->kinds[i] = k->next;
			mem_free(k);
		}
	}
	mem_free(t->slots);
	memset(t, 0, sizeof(*t));
}

/* Both halves of a product depend on all bits of both factors. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 p =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15) *
		(b ^ 0xd1b54a32d192ed03);

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

uint64_t agent_table_hash(const struct agent_table *t, const char *key)
{
	size_t len = strlen(key);
	uint64_t h = mix(t->seed, len), word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, key, sizeof(word));
		h = mix(h ^ t->seed, word);
		key += sizeof(word);
	}
	word = 0;
	memcpy(&word, key, len);
	return mix(h ^ t->seed, word);
}

struct agent_kind *agent_table_kind(const struct agent_table *t,
				    const char *name)
{
	uint64_t hash = agent_table_hash(t, name);
	struct agent_kind *k = t->kinds[hash % AGENT_KINDS];

	while (k && (k->hash != hash || strcmp(k->name, name) != 0))
		k = k->next;
	return k;
}

struct agent_kind *agent_table_add_kind(struct agent_table *t, const char *name)
{
	size_t size = strlen(name) + 1;
	struct agent_kind *k = mem_zero(1, sizeof(*k) + size);
	struct agent_kind **chain;

	memcpy(k->name, name, size);
	k->hash = agent_table_hash(t, name);
	chain = &t->kinds[k->hash % AGENT_KINDS];
	k->next = *chain;
	*chain = k;
	return k;
}

/* Where it is, or the empty place where it would be. */
static struct agent_cell **find_slot(const struct agent_table *t,
				     const struct agent_kind *k,
				     const char *key, uint32_t hash)
{
	size_t at = hash & (t->room - 1);

	for (;; at = (at + 1) & (t->room - 1)) {
		struct agent_cell *c = t->slots[at];

		if (!c || (c->hash == hash && c->kind == k &&
			   strcmp(c->key, key) == 0))
			return &t->slots[at];
	}
}

static uint32_t cell_hash(const struct agent_kind *k, uint64_t hash)
{
	return (uint32_t)mix(k->hash, hash);
}

static void grow(struct agent_table *t)
{
	size_t room = t->room ? 2 * t->room : AGENT_TABLE_ROOM;

	mem_free(t->slots);
	t->slots = mem_zero(room, sizeof(struct agent_cell *));
	t->room = room;
	for (struct agent_cell *c = t->first; c; c = c->next) {
		size_t at = c->hash & (room - 1);

		while (t->slots[at])
			at = (at + 1) & (room - 1);
		t->slots[at] = c;
	}
}

struct agent_cell *agent_table_find(const struct agent_table *t,
				    const struct agent_kind *k, const char *key,
				    uint64_t hash)
{
	if (!t->room)
		return NULL;
	return *find_slot(t, k, key, cell_hash(k, hash));
}

struct agent_cell *agent_table_get(struct agent_table *t, struct agent_kind *k,
				   const char *key, uint64_t hash,
				   struct err *err)
{
	struct agent_cell *c = agent_table_find(t, k, key, hash);
	size_t size;

	if (c)
		return c;
	if (t->count >= t->max) {
		err_set(err, ERR_TOO_LARGE,
			"there are %zu agents, more are not allowed", t->count);
		return NULL;
	}
	if (4 * (t->count + 1) > 3 * t->room)
		grow(t);
	size = strlen(key) + 1;
	c = mem_zero(1, sizeof(*c) + size);
	memcpy(c->key, key, size);
	c->kind = k;
	c->hash = cell_hash(k, hash);
	*find_slot(t, k, key, c->hash) = c;
	if (t->newest)
		t->newest->next = c;
	else
		t->first = c;
	t->newest = c;
	t->count++;
	return c;
}

struct agent_id agent_cell_id(const struct agent_cell *c)
{
	return (struct agent_id){ c->kind->name, c->key };
}
