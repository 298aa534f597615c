/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list, newest first. Looking through it costs nothing beside asking a model.
 * What was not used longest goes when the whole becomes too large.
 */
#include "agentlib/model/memory_store.h"

#include "agentlib/model/cache_store.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define PROVIDER "autogen_core.InMemoryStore"
#define SIZE_LIMIT ((size_t)64 * 1024 * 1024)

struct entry {
	struct entry *next;
	char *key, *value;
};

struct memory_store {
	struct cache_store store; /* first */
	struct entry *first;
	size_t size; /* of all keys and values */
};

static size_t entry_size(const struct entry *e)
{
	return strlen(e->key) + strlen(e->value);
}

/* Takes the entry out of the list; NULL when there is none. */
static struct entry *take(struct memory_store *m, const char *key)
{
	struct entry **p = &m->first, *e;

	while (*p && !str_equal((*p)->key, key))
		p = &(*p)->next;
	e = *p;
	if (!e)
		return NULL;
	*p = e->next;
	m->size -= entry_size(e);
	return e;
}

static void put(struct memory_store *m, struct entry *e)
{
	e->next = m->first;
	m->first = e;
	m->size += entry_size(e);
}

static void entry_free(struct entry *e)
{
	if (!e)
		return;
	mem_free(e->key);
	mem_free(e->value);
	mem_free(e);
}

static int memory_get(struct cache_store *s, const char *key, struct buf *out,
		      struct err *err)
{
	struct memory_store *m = (struct memory_store *)s;
	struct entry *e = take(m, key);

	if (!e)
		return 0;
	put(m, e);
	if (buf_puts(out, e->value) < 0)
		return err_set(err, ERR_TOO_LARGE,
			       "what is stored is larger than expected");
	return 1;
}

static void drop_last(struct memory_store *m)
{
	struct entry *e = m->first;

	while (e->next)
		e = e->next;
	entry_free(take(m, e->key));
}

static int memory_set(struct cache_store *s, const char *key, const char *value,
		      struct err *err)
{
	struct memory_store *m = (struct memory_store *)s;
	struct entry *e;

	entry_free(take(m, key));
	if (strlen(key) + strlen(value) > SIZE_LIMIT)
		return err_set(err, ERR_TOO_LARGE,
			       "a value exceeds the store's %zu MB",
			       SIZE_LIMIT >> 20);
	e = mem_new(struct entry);
	e->key = mem_strdup(key);
	e->value = mem_strdup(value);
	put(m, e);
	while (m->size > SIZE_LIMIT)
		drop_last(m);
	return 0;
}

static void memory_destroy(struct cache_store *s)
{
	struct memory_store *m = (struct memory_store *)s;

	while (m->first) {
		struct entry *e = m->first;

		m->first = e->next;
		entry_free(e);
	}
	mem_free(m);
}

static const struct cache_store_ops ops = { .provider = PROVIDER,
					    .get = memory_get,
					    .set = memory_set,
					    .destroy = memory_destroy };

struct cache_store *memory_store_create(void)
{
	struct memory_store *m = mem_new(struct memory_store);

	m->store.ops = &ops;
	return &m->store;
}

static void *memory_store_load(struct component_ctx *ctx,
			       const struct json *config, int version)
{
	static const char *const known[] = { NULL };

	component_known_keys(ctx, config, known);
	return memory_store_create();
}

static void unref(void *object)
{
	memory_destroy(object);
}

const struct component_class memory_store_class = {
	.provider = PROVIDER,
	.type = COMPONENT_OTHER,
	.version = 1,
	.load = memory_store_load,
	.unref = unref,
};
