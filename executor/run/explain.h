/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A result in one line for people: which limits fired, or what failed. */
#include <stdbool.h>
#include <stddef.h>

struct result;

/* Into buf; false, and buf empty, when the program simply ended by itself. */
bool explain_result(const struct result *r, char *buf, size_t size);
