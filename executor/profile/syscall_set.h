/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Sets of system-call names: SHARE/syscalls/NAME.list, one name a line, `#`
 * comments. Only reads; what a name means for a box is the profile's business.
 */
#include "executor/base/err.h"

typedef int syscall_set_fn(void *arg, const char *name, struct err *err);

/* Calls fn for every name of the set; stops at its first error. Errors carry
 * FILE:LINE as field. An unknown set is -ERR_UNKNOWN naming the known. */
int syscall_set_read(const char *share, const char *set, syscall_set_fn *fn,
		     void *arg, struct err *err);
