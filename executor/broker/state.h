/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What brokers of this machine keep outside themselves: the state folder, the
 * file of taken uids, and one locked file per broker that names the cgroup
 * folders it makes, so that the next broker can remove what a dead one left.
 */
#include "executor/base/err.h"
#include "executor/base/str.h"
#include <stdint.h>

struct machine;
struct cgroup_root;

struct state {
	char dir[512];
	char id[STR_ID_SIZE];
	char owner[640]; /* path of brokers/<id> */
	int owner_fd;    /* holds the lock */
};

/*
 * Finds or makes the state folder (root: /run/coop; else XDG_RUNTIME_DIR/coop
 * or /tmp/coop-UID, 0700 and owned by us, or -ERR_FORBIDDEN), makes an id and
 * the locked owner file. 0 or an error with nothing left.
 */
int state_open(struct state *s, const struct machine *m, struct err *err);

/* Notes a cgroup folder that is about to be made. */
int state_note(struct state *s, const struct cgroup_root *root,
	       struct err *err);

/* Removes the owner file (`clean`) and lets go of the lock. */
void state_close(struct state *s, int clean);

/* Removes what dead brokers left: only folders named by owner files whose lock
 * is free. At most `wait_ms` per folder. Number of folders removed. */
unsigned state_sweep(const struct state *s, unsigned wait_ms);
