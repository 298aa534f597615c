/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Host uids of boxes, from one range that all Coops on the machine share. Each
 * is held by a lock on its byte of one file, for the box's life; the lock ends
 * with the process, so nothing has to be cleaned up after a crash.
 */
#include "executor/base/err.h"
#include <stdint.h>

#define UIDS_BASE 1878982656U /* end of systemd's container range */
#define UIDS_COUNT 65536U
#define UIDS_FIRST 16U /* below: the nest's root and the three here */
#define UIDS_IMAGES 1U
#define UIDS_FRONT 2U
#define UIDS_EGRESS 3U

struct uids;

/* -ERR_CONFLICT when /etc/passwd or /etc/subuid give away a part of root's
 * range. */
int uids_check(struct err *err);

/*
 * Opens (makes) the lock file `path` for numbers below `count`, which is more
 * than UIDS_FIRST. All who share a range share the file. -ERR_SYSTEM.
 */
int uids_open(struct uids **out, const char *path, uint32_t count,
	      struct err *err);
void uids_close(struct uids *u); /* NULL is fine */

/* Takes a free number from UIDS_FIRST on (root: host uid - UIDS_BASE).
 * -ERR_UNAVAILABLE when all are taken. */
int uids_take(struct uids *u, uint32_t *number, struct err *err);
void uids_give(struct uids *u, uint32_t number);

/*
 * Whether a line of /etc/passwd ("name:x:UID:…") or, if `subuid`, of
 * /etc/subuid ("name:FIRST:COUNT") lies in the range. Pure.
 */
int uids_overlap(const char *text, int subuid);
