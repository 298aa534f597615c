/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The host around a case: a guard that a box must not reach (a secret, files, a
 * listener, a socket), and a picture of what must be the same afterwards. As
 * root the runner has a mount and an ipc namespace and a state folder of its
 * own, so that what others do on the machine meanwhile is not in the picture.
 */
#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct hostile_host {
	char dir[64];     /* guard, state, collected files */
	char guard[80];   /* dir/guard: must never change */
	char state[80];   /* COOP_STATE */
	char collect[80]; /* dir/collect: emptied before each case */
	char secret[32];  /* must never be printed */
	unsigned port;    /* of a listener on 127.0.0.1 */
	int listener, socket, abstract, inotify, guardian;
	bool own_namespaces, own_tmp;
	struct buf brokers; /* ids that were seen, a line each */
	const char *build;
};

/* Makes guard and namespaces; build is the build tree. Before
 * hostile_child_adopt(). 0 or negative. */
int hostile_host_open(struct hostile_host *h, const char *build,
		      struct err *err);

/* Removes all of it. */
void hostile_host_close(struct hostile_host *h);

/* Empties the collected folder, and puts a link to the guard into it. With
 * `fill` (root only) it is a file system of 128 MiB. 0 or -1. */
int hostile_host_begin(struct hostile_host *h, bool fill);

/* Takes the file system of begin away again. */
void hostile_host_end(struct hostile_host *h, bool fill);

/* The picture: a line per thing, in an order that does not change. */
void hostile_host_picture(struct hostile_host *h, struct buf *out);

/* What differs between two pictures, into faults. */
void hostile_host_compare(const struct buf *before, const struct buf *after,
			  struct buf *faults);

/* Names control groups of brokers seen so far that still exist. */
void hostile_host_groups(struct hostile_host *h, struct buf *faults);

/* Takes what connected to the guard's listeners; each is a fault. */
void hostile_host_visitors(struct hostile_host *h, struct buf *faults);

/* Kernel memory and shared memory of the machine, in bytes. */
struct hostile_memory {
	unsigned long long slab, shared, swapped;
};
void hostile_host_memory(struct hostile_memory *m);
