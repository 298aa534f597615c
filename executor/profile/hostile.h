/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * System calls that no profile can allow: kernel surfaces that untrusted code
 * has no business with. One table; filter.c applies it after every profile, and
 * profiles that try to allow a row do not load.
 */
#include "executor/profile/profile.h"

struct hostile_row {
	const char *name;
	enum syscall_verdict
		verdict; /* EPERM, or ENOSYS where callers fall back */
};

/* The rows, ended by a NULL name. */
extern const struct hostile_row hostile_rows[];

/* The row of a system call; NULL when profiles decide about it. */
const struct hostile_row *hostile_find(const char *name);
