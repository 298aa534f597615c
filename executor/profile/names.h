/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The files NAME.SUFFIX of a folder, and which names are acceptable at all.
 * Shared by profiles, languages and system-call sets, which are found by name.
 */
#include "executor/base/err.h"
#include <stdbool.h>

/* Whether `name` can stand in a file name: [a-z0-9+_-], at most 63, no "-"
 * first. Everything else is refused before a path is made of it. */
bool names_valid(const char *name);

/* Names in SHARE/DIR that end in `suffix`, without it, sorted, NULL-ended; free
 * by names_free(). NULL with *err. */
char **names_list(const char *share, const char *dir, const char *suffix,
		  struct err *err);
void names_free(char **names); /* NULL is fine */

/* Sets ERR_UNKNOWN for `name`, with the nearest and all of the known as the
 * remedy; returns the negative code. `what` is "profile", "language", … */
int names_unknown(const char *what, const char *name, char *const *known,
		  struct err *err);
