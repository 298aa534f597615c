/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Our errors as those of the door. */
#include "agentlib/include/agentlib.h"
#include "executor/base/err.h"

/* Fills *out (may be NULL); returns -err->code. */
int agents_err(struct coop_err *out, const struct err *err);
