/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Growing bytes with a maximum from birth. Always NUL-ended, so that `data`
 * can be used as a string. Once an append would pass the maximum the buffer
 * latches `overflow`, keeps what it has, and refuses everything after.
 */
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* never NULL after buf_init */
	size_t len, cap, max;
	bool overflow;
};

/* Empty buffer that never exceeds `max` bytes. End with buf_finish(). */
void buf_init(struct buf *b, size_t max);

/* Frees; a zeroed struct or NULL is fine. */
void buf_finish(struct buf *b);

/* Appends; 0, or -ERR_TOO_LARGE when `max` would be passed. */
int buf_add(struct buf *b, const void *data, size_t len);
int buf_puts(struct buf *b, const char *s);
int buf_putc(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Room for `len` more bytes at the end, NULL when over max; then buf_wrote(). */
char *buf_space(struct buf *b, size_t len);
void buf_wrote(struct buf *b, size_t len);

/* Removes the first `len` bytes. */
void buf_consume(struct buf *b, size_t len);

/* Empties it and clears `overflow`, keeps the memory. */
void buf_clear(struct buf *b);

/* Moves the string out (caller frees by mem_free); the buffer is empty then. */
char *buf_take(struct buf *b);
