/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Who may enter an agent now and who waits. The active turns of an agent are a
 * stack: a request enters on top of another turn only if that turn waits for its
 * sender: by a chain of calls, or by one that waits at an agent of such a turn.
 * So no cycle of requests blocks.
 */
#include <stdbool.h>

struct agent_cell;
struct envelope;
struct runtime;

/* Whether it need not wait. */
bool mailbox_open(const struct envelope *e);

/* Lets it in (then it is ready to be run) or keeps it at its agent. */
void mailbox_deliver(struct runtime *rt, struct envelope *e);

/* A turn has ended: lets in who waited for that. */
void mailbox_leave(struct runtime *rt, struct envelope *e);

/* The first that is ready, NULL when there is none. */
struct envelope *mailbox_take(struct runtime *rt);

/* As above, but only requests: for those that cannot get a fiber. */
struct envelope *mailbox_take_request(struct runtime *rt);

/* Takes out the first that waits at this agent, NULL when none does. It never
 * entered: mailbox_leave() is not for it. */
struct envelope *mailbox_take_waiting(struct agent_cell *c);
