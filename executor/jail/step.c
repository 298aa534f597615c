/* SPDX-License-Identifier: Apache-2.0 */
/* The names of steps. What they do is hands.c. */
#include "executor/jail/step.h"

static const char *const names[STEP_COUNT] = {
#define STEP_NAME(sym, name) [sym] = name,
	STEP_TABLE(STEP_NAME)
#undef STEP_NAME
};

const char *step_name(enum step_kind kind)
{
	return kind < STEP_COUNT ? names[kind] : "?";
}
