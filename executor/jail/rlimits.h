/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Resource limits of one process, by the names that plans use. */
#include "executor/base/err.h"
#include <stdint.h>

/*
 * Sets soft and hard limit `name` ("NOFILE", "CPU", …) to `value`, or to the
 * hard limit we have if that is lower. -ERR_UNKNOWN for a name not in the table.
 */
int rlimits_set(const char *name, uint64_t value, struct err *err);
