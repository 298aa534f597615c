/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Walks through folders that user code may change while they are walked:
 * without recursion, each folder opened from the one above without following
 * links, depth bounded, one folder open per level.
 */
#include <stdbool.h>
#include <stdint.h>

#define INIT_WALK_DEPTH 100

/*
 * Sends an INIT_ENTRY to `front` for everything below `dir` (borrowed), paths
 * beginning with `prefix`. 0; -1 with errno when the folder cannot be read or
 * the front is gone. *truncated when something was too deep or too long.
 */
int init_walk_list(int dir, const char *prefix, int front, uint32_t seq,
		   bool *truncated);

/* Removes `name` in `dir` and all below. 0, or -1 with errno. */
int init_walk_remove(int dir, const char *name);
