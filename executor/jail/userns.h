/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* User namespaces: writing the maps of a child, and changing identity. */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct userns_map {
	uint32_t inside, outside_uid, outside_gid, count;
	bool deny_groups; /* setgroups denied first: the way without root */
};

/*
 * Writes uid_map and gid_map of a process that waits in a new user namespace
 * below ours; `pid` is its number in the proc that `proc` is the folder of
 * (-1: /proc). 0 or -ERR_SYSTEM.
 */
int userns_write(int proc, pid_t pid, const struct userns_map *map,
		 struct err *err);

/* Ids 1..count inside are `first`.. outside, 0 is `own`. */
struct userns_range {
	uint32_t own, first, count;
};

/*
 * The same by newuidmap and newgidmap, for a caller who may map only himself;
 * `pid` as /proc numbers it. -ERR_FORBIDDEN when they refuse: the process is of
 * no use then.
 */
int userns_write_ranges(pid_t pid, const struct userns_range *uids,
			const struct userns_range *gids, struct err *err);

/*
 * Writes a sysctl of our own user namespace, by its path below /proc/sys/user.
 * 0 also when this kernel has none of that name; else -ERR_SYSTEM.
 */
int userns_quota(const char *path, uint64_t value, struct err *err);

/*
 * Becomes `id` as user and group, in all of real, effective and saved, without
 * supplementary groups (`keep_groups`: where setgroups is denied).
 */
int userns_become(uint32_t id, bool keep_groups, struct err *err);
