/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One `coop` as a child: started with what a careless caller might leak to it,
 * its output taken, its and its broker's memory watched, killed at a deadline;
 * then all that it left. The caller is a child subreaper, so whatever loses its
 * parent becomes ours and nothing of a case can hide.
 */
#include "executor/base/buf.h"
#include "executor/base/clock.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct hostile_child {
	pid_t pid;
	int pidfd;
	int out, err; /* read ends */
	int tty;      /* master side, or -1 */
	int slave;    /* keeps the terminal alive, or -1 */
};

struct hostile_end {
	int wait_status;
	bool late; /* killed at the deadline */
	struct buf out, err;
	uint64_t rss_peak; /* bytes, the larger one of front and broker */
	bool tty_touched;  /* something was written or pushed into it */
};

/* Makes the calling process adopt orphans. */
void hostile_child_adopt(void);

/* Starts argv (NULL-ended; argv[0] is a path) with `input` as standard input
 * (may be NULL), on a terminal of its own if `tty`. 0 or -1 with errno. */
int hostile_child_start(struct hostile_child *c, const char *const *argv,
			const char *input, bool tty);

/* Takes its output until it ends or the deadline comes; then it is killed. */
void hostile_child_wait(struct hostile_child *c, struct deadline deadline,
			struct hostile_end *end);

/* Frees what wait took. */
void hostile_end_finish(struct hostile_end *end);

/* Waits until we have no children, at most until the deadline; those that are
 * left are named in `names` and killed. Returns how many there were. */
unsigned hostile_child_leftovers(struct deadline deadline, struct buf *names);

/* Writes the pids of the children of `pid` into out; returns how many. */
unsigned hostile_child_children(pid_t pid, pid_t *out, unsigned max);
