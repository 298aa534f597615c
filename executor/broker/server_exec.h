/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One program in a box: start, deadlines, killing until its group is empty,
 * counters, the front's `ended`. Callbacks of timers are all here.
 */
#include "executor/broker/server.h"

/* The front asks for a program (p->fds: stdio and argv). */
void server_exec_start(struct box *x, const struct wire_packet *p);

/* The nest could not fork it (err) or did. */
void server_exec_started(struct box *x, const struct err *err);

/* The nest reaped it. */
void server_exec_ended(struct box *x, const struct nest_ended *ended);

/* Init said what kill(-1) left (boxes without a group). */
void server_exec_killed(struct box *x, bool empty);

/* Latches a reason and kills the tree. */
void server_exec_kill(struct box *x, enum reason why);

/* Forgets timers, report and flags, telling nobody. */
void server_exec_stop(struct box *x);

/* Tells the front; a front that takes nothing more is gone. */
void server_exec_tell(struct box *x, enum wire_op op, const void *body, int fd);
