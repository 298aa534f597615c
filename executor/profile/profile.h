/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A profile in memory: what sandbox-profiles/profiles/NAME.conf says after
 * inheritance. Read by the broker (which trusts nobody else's reading) and by
 * the front (to explain). Knows no kernel; syscall names become filters in
 * profile/filter.c.
 */
#include "executor/base/err.h"
#include "executor/profile/network.h"
#include "executor/spec/limits.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROFILE_NAME_MAX 63
#define PROFILE_PATHS_MAX 64
#define PROFILE_ENV_MAX 64
#define PROFILE_SYSCALLS_MAX 512

/* A host path that the box sees read-only at the same place. */
struct profile_path {
	char *path;
	bool optional; /* absent on the host: left out */
};

enum syscall_verdict { SYSCALL_ALLOW, SYSCALL_EPERM, SYSCALL_ENOSYS };

struct profile_syscall {
	char *name; /* as in /usr/include/asm/unistd.h */
	enum syscall_verdict verdict;
};

struct profile {
	char name[PROFILE_NAME_MAX + 1];
	char parent[PROFILE_NAME_MAX + 1]; /* "" if none */
	char *summary;                     /* one sentence */
	struct limit_ranges limits;
	bool output_over_kill; /* output_over = kill */
	struct network network;
	struct profile_path paths[PROFILE_PATHS_MAX];
	size_t path_count;
	char *env[PROFILE_ENV_MAX]; /* "K=V" */
	size_t env_count;
	struct profile_syscall syscalls[PROFILE_SYSCALLS_MAX];
	size_t syscall_count; /* what is not named: ENOSYS */
	char *hostname;       /* "coop" */
};

/*
 * Loads SHARE/profiles/NAME.conf and its parents. -ERR_UNKNOWN naming the known
 * ones, or -ERR_INVALID with file:line as field. Ends with profile_destroy().
 */
int profile_load(struct profile **out, const char *share, const char *name,
		 struct err *err);
void profile_destroy(struct profile *p); /* NULL is fine */

/*
 * The variables by which programs find the proxy of an open network: put, but
 * for those that the profile sets itself (part of profile_load()), and with the
 * network taken away again for a request that wants none. No request can open
 * a network.
 */
int profile_put_proxy(struct profile *p, struct err *err);
void profile_close_network(struct profile *p);

/* Names of all profiles below SHARE, sorted, NULL-ended; free by
 * profile_names_free(). NULL with *err. */
char **profile_names(const char *share, struct err *err);
void profile_names_free(char **names); /* NULL is fine */

/*
 * The keys that a profile may have, but for limits' and variables' names, in
 * the order of their documentation: false behind the last.
 */
bool profile_key_at(size_t i, const char **section, const char **key);
