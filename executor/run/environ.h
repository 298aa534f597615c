/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The environment of a program: the profile's, then the language's, then the
 * request's; nothing of the host's.
 */
struct profile;

/* Later lists win by name. Any may be NULL. NULL-ended; free it by
 * environ_free(). */
char **environ_make(const struct profile *p, char *const *language,
		    char *const *request);
void environ_free(char **env); /* NULL is fine */
