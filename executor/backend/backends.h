/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The table of backends: a new one is its file and its line here. */
#include "executor/backend/backend.h"

/* Ended by NULL. The first is the default. */
extern const struct backend *const backends[];

/* By name; NULL with ERR_UNKNOWN naming the known. NULL `name`: the default. */
const struct backend *backends_find(const char *name, struct err *err);
