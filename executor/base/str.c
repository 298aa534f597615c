/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing, cutting, and guessing names. Text here is bytes: UTF-8 stands in
 * str_utf8.c, sizes and times in str_units.c, random names in str_id.c.
 */
#include "executor/base/str.h"

#include <ctype.h>
#include <string.h>

#define NEAREST_MAX 48 /* longer words are no typing errors */

bool str_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t len = strlen(s), cut = strlen(suffix);

	return len >= cut && memcmp(s + len - cut, suffix, cut) == 0;
}

bool str_copy(char *dst, size_t size, const char *src)
{
	size_t len = strlen(src);
	bool fits = len < size;

	if (!size)
		return false;
	if (!fits)
		len = size - 1;
	memmove(dst, src, len);
	dst[len] = '\0';
	return fits;
}

/* The C locale's blanks, whatever locale the program has set. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *str_trim(char *s)
{
	size_t len;

	while (is_blank(*s))
		s++;
	len = strlen(s);
	while (len && is_blank(s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}

char *str_word(char **rest)
{
	char *word = *rest;
	char *end;

	while (is_blank(*word))
		word++;
	end = word;
	while (*end && !is_blank(*end))
		end++;
	*rest = end;
	if (end == word)
		return NULL;
	if (*end) {
		*end = '\0';
		*rest = end + 1;
	}
	return word;
}

bool str_is_identifier(const char *name)
{
	const char *s = name;

	if (isascii(*s) && isdigit(*s))
		return false;
	while (*s == '_' || (isascii(*s) && isalnum(*s)))
		s++;
	return s != name && !*s;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Insertions, deletions and changes between two short words. */
static unsigned distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[NEAREST_MAX + 1];

	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned up = row[j];
			unsigned change = a[i - 1] != b[j - 1];

			row[j] = min3(up + 1, row[j - 1] + 1,
				      diagonal + change);
			diagonal = up;
		}
	}
	return row[lb];
}

const char *str_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	size_t len = strlen(word);
	unsigned best_distance;

	if (!len || len > NEAREST_MAX)
		return NULL;
	/* a third of the letters may be wrong, at least one */
	best_distance = (unsigned)(len < 3 ? 1 : len / 3) + 1;
	for (; *names; names++) {
		unsigned d;

		if (strlen(*names) > NEAREST_MAX)
			continue;
		d = distance(word, *names);
		if (d < best_distance) {
			best_distance = d;
			best = *names;
		}
	}
	return best;
}
