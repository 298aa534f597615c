/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Memory with one life: everything of one request or one turn, freed at once.
 * An arena has a maximum from birth; what exceeds it is an error of the caller
 * of arena_alloc(), never an abort, because strangers decide how much it holds.
 */
#include <stddef.h>

struct arena;

/* An empty arena that never holds more than `max` bytes; never NULL. */
struct arena *arena_create(size_t max);

/* Frees it and all it holds; NULL is fine. */
void arena_destroy(struct arena *a);

/* `size` zeroed bytes, aligned for anything; NULL when `max` is exceeded. */
void *arena_alloc(struct arena *a, size_t size);

/* Copies of strings; NULL when `max` is exceeded (or s is NULL). */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);

/* printf into the arena; NULL when `max` is exceeded. */
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Bytes in use. */
size_t arena_used(const struct arena *a);
