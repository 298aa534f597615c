/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of zeroed bytes that are handed out from the front and freed
 * together. Nothing is freed alone; a growing text belongs into a buf.
 */
#include "executor/base/arena.h"

#include "executor/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIRST_BLOCK 1024
#define LARGEST_BLOCK 65536
#define ALIGN 16

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(ALIGN) char data[];
};

struct arena {
	struct block *blocks; /* the one that is being filled is first */
	size_t used, max, next_size;
};

struct arena *arena_create(size_t max)
{
	struct arena *a = mem_new(struct arena);

	a->max = max;
	a->next_size = FIRST_BLOCK;
	return a;
}

void arena_destroy(struct arena *a)
{
	if (!a)
		return;
	while (a->blocks) {
		struct block *b = a->blocks;

		a->blocks = b->next;
		mem_free(b);
	}
	mem_free(a);
}

static struct block *block_add(struct arena *a, size_t size)
{
	struct block *b;
	size_t room = a->next_size;

	if (a->next_size < LARGEST_BLOCK)
		a->next_size *= 2;
	if (room < size)
		room = size;
	b = mem_zero(1, sizeof(*b) + room);
	b->size = room;
	/* a large piece must not hide a block that still has room */
	if (a->blocks && size == room) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->blocks;
	void *p;

	if (size > a->max - a->used || size > SIZE_MAX / 2)
		return NULL;
	/* an empty piece has its own address, too */
	size = size ? (size + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
	if (size > a->max - a->used)
		return NULL;
	if (!b || size > b->size - b->used)
		b = block_add(a, size);
	p = b->data + b->used;
	b->used += size;
	a->used += size;
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p;

	if (!s || len == SIZE_MAX)
		return NULL;
	p = arena_alloc(a, len + 1);
	if (p && len)
		memcpy(p, s, len);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return NULL;
	p = arena_alloc(a, (size_t)n + 1);
	if (!p)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
