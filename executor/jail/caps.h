/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Capabilities: away with all of them, in all five sets, and looking after. */
#include "executor/base/err.h"
#include <stdint.h>

/*
 * Gives up every capability but those in `keep` (bits 1 << CAP_X), for good: the
 * bounding set too, so that no program we start has more. -ERR_SYSTEM.
 */
int caps_keep(uint64_t keep, struct err *err);

/*
 * Empties ambient, bounding, inheritable, permitted and effective sets of this
 * thread and verifies each. 0, -ERR_SYSTEM, or -ERR_INTERNAL when one is left.
 */
int caps_drop(struct err *err);

/* 0 if all five sets are empty. */
int caps_verify(struct err *err);

/* Forbids new privileges by exec, for this thread and all it starts. */
int caps_no_new_privs(struct err *err);
