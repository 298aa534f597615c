/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a program's text says about its own name: javac wants a public class in
 * a file called like it, java wants to be told which class to start. Reads
 * comments, strings and braces as C and Java write them, once, from front to
 * end, and is no parser: what it does not find it leaves empty.
 */
#include <stddef.h>

#define OUTLINE_NAME_MAX 200

/*
 * Rules are words before a name: "public class | public enum" finds NAME in
 * "public final class NAME", as other words may stand between. Any may be NULL.
 */
struct outline_rules {
	char *file;  /* outside of braces: NAME is the file's */
	char *entry; /* outside of braces: NAME can be what is started … */
	char *entry_has; /* … if these words, in order, stand inside of it */
	char *scope;     /* outside of braces: NAME qualifies the entry's */
};

/* "": not found, or no name of letters, digits, "_" and "$". */
struct outline {
	char file[OUTLINE_NAME_MAX + 1];
	/* with its scope, "com.example.Main"; else the first one */
	char entry[2 * OUTLINE_NAME_MAX + 2];
};

/* Time is linear in `len`; nothing is allocated. */
void outline_read(struct outline *out, const struct outline_rules *rules,
		  const char *text, size_t len);
