/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Keys and tokens: how they are written, and kept out of sentences. */
#include <stdbool.h>
#include <stddef.h>

#define SECRET_MASK "**********"

/* The value, or NULL when it is NULL, empty or a mask that a dump wrote. */
const char *secret_value(const char *s);

/* Whether a header of this name carries a secret. */
bool secret_header(const char *name);

/* Overwrites in `text` every occurrence of `secret` (NULL: none) and every
 * word that begins like a vendor's key ("sk-"), by asterisks. */
void secret_redact(char *text, const char *secret);

/* Overwrites and frees; NULL is fine. */
void secret_free(char *s);
