/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Landlock as a second wall around files: should a mount namespace ever be left
 * or a mount be forgotten, what lies outside of the box's tree still cannot be
 * opened. One ruleset per process, filled by the plan's steps, then enforced.
 */
#include "executor/base/err.h"

/* From this version on renames across folders can be allowed; before, programs
 * would break, and the wall counts as missing. */
#define LANDLOCK_ABI_MIN 2

/* An empty ruleset that handles all file rights of `abi`; the descriptor
 * (close-on-exec) or -ERR_SYSTEM. */
int landlock_begin(int abi, struct err *err);

/* Allows "read", "write" or "device" for all beneath `path`. */
int landlock_allow(int ruleset, int abi, const char *path, const char *what,
		   struct err *err);

/* Restricts this thread and what it starts; needs no_new_privs. */
int landlock_enforce(int ruleset, struct err *err);
