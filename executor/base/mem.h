/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The heap. Out of memory ends the process here and nowhere else; sizes are
 * checked for overflow. What strangers can grow goes through buf or arena,
 * which have a maximum.
 */
#include <stddef.h>

/* `count * size` zeroed bytes; never NULL; the caller frees by mem_free(). */
void *mem_zero(size_t count, size_t size);

/* Grows or shrinks `old` (may be NULL) to `count * size` bytes; never NULL. */
void *mem_resize(void *old, size_t count, size_t size);

/* Copy of `len` bytes of `data`; never NULL, also for len 0. */
void *mem_copy(const void *data, size_t len);

/* Copy of a string; NULL stays NULL. */
char *mem_strdup(const char *s);

/* Copy of the first `len` bytes, NUL-ended. */
char *mem_strndup(const char *s, size_t len);

/* printf into a new string. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Frees; NULL is fine. */
void mem_free(void *p);

/* For cleanup attributes: frees the pointer that `p` points at. */
void mem_cleanup(void *p);

/* `_auto_free_ char *s = …;` frees at the end of the scope. */
#define _auto_free_ __attribute__((cleanup(mem_cleanup)))

/* Takes a pointer out of a variable and leaves NULL there. */
#define mem_take(var)                                                          \
	({                                                                     \
		__typeof__(var) taken_ = (var);                                \
		(var) = NULL;                                                  \
		taken_;                                                        \
	})
#define mem_new(type) ((type *)mem_zero(1, sizeof(type)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
