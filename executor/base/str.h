/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Text: comparing, cutting, UTF-8, and the two unit grammars of Coop
 * (sizes "64K 256M 1G" in powers of 1024, times "250ms 10s 1.5m 2h").
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool str_equal(const char *a, const char *b); /* NULL equals NULL */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/* Copies with truncation, always NUL-ended; false when it was cut. */
bool str_copy(char *dst, size_t size, const char *src);

/* Cuts blanks at both ends, in place; returns the new start. */
char *str_trim(char *s);

/* Next word of *rest separated by blanks (in place); NULL at the end. */
char *str_word(char **rest);

/* Whether name matches [A-Za-z_][A-Za-z0-9_]* . */
bool str_is_identifier(const char *name);

/*
 * Bytes from "4096", "64K", "256M", "1G", "1.5G". Refuses sign, exponent, zero,
 * overflow and trailing text. On failure *err has text and remedy; set the
 * field yourself by err_field().
 */
int str_parse_size(const char *s, uint64_t *bytes, struct err *err);

/* Milliseconds from "250ms 10s 1.5m 2h"; bare numbers are seconds. As above. */
int str_parse_time(const char *s, uint64_t *ms, struct err *err);

/* A positive decimal integer from min to max. As above. */
int str_parse_uint(const char *s, uint64_t min, uint64_t max, uint64_t *out,
		   struct err *err);

/* A positive decimal such as "1.5" in thousandths, from min to max. As above. */
int str_parse_milli(const char *s, uint64_t min, uint64_t max, uint64_t *out,
		    struct err *err);

/* "256M" or "1000"; "1.5s" or "250ms": what the parsers read back. */
const char *str_format_size(uint64_t bytes, char *buf, size_t size);
const char *str_format_time(uint64_t ms, char *buf, size_t size);

/* Bytes of the valid UTF-8 sequence at s (1 to 4); 0 when it is bad or cut. */
size_t str_utf8_len(const char *s, size_t len);

/* Whether it is valid UTF-8 (RFC 3629; NUL is allowed). */
bool str_utf8_valid(const char *s, size_t len);

/*
 * Length of the longest prefix of s[0..len) that does not cut a UTF-8 sequence:
 * len itself, or up to 3 less when the end is an incomplete sequence.
 */
size_t str_utf8_cut(const char *s, size_t len);

struct buf;

/* Appends s with every bad byte replaced by U+FFFD; as buf_add(). */
int str_utf8_add(struct buf *out, const char *s, size_t len);

/*
 * The name among `names` (NULL-ended) nearest to `word`, for "did you mean";
 * NULL when none is near.
 */
const char *str_nearest(const char *word, const char *const *names);

/* A random id: 20 characters of [a-z0-9], first a letter; id must hold 21. */
#define STR_ID_SIZE 21
void str_random_id(char id[STR_ID_SIZE]);

/* A random UUID version 4 in text; uuid must hold 37. */
#define STR_UUID_SIZE 37
void str_uuid4(char uuid[STR_UUID_SIZE]);
