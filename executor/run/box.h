/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A box of a backend and who is using it now. Made in the background; one user
 * at a time gets its events. Knows what lies in /workspace (workspace.h).
 */
#include "executor/backend/backend.h"
#include "executor/run/workspace.h"

struct loop;
struct profile;
struct box;

struct box_options {
	struct loop *loop;
	const struct backend *backend;
	struct backend_conn *conn;    /* borrowed for the life of the box */
	const struct profile *profile; /* borrowed for the life of the box */
	struct limits limits;         /* resolved */
	int tier;
};

/* Whoever uses the box now. Any may be NULL. */
struct box_user {
	void *arg;
	void (*ready)(void *arg, const struct err *err); /* err: no box */
	void (*started)(void *arg, const struct err *err);
	void (*ended)(void *arg, const struct broker_end *end);
	void (*lost)(void *arg, const struct err *err);
};

/* Asks for it; box_destroy() ends it with all that runs in it. */
int box_create(struct box **out, const struct box_options *o, struct err *err);
void box_destroy(struct box *b); /* NULL is fine */

/* Becomes the user; `ready` comes from the loop. -ERR_CONFLICT while another
 * uses it. box_release() ends that, nothing is called after it. */
int box_use(struct box *b, const struct box_user *user, struct err *err);
void box_release(struct box *b);
bool box_used(const struct box *b);

/* What the broker enforces; valid after `ready` without error. */
const struct broker_box_info *box_info(const struct box *b);

/* What it was asked for. */
const struct box_options *box_options(const struct box *b);
struct loop *box_loop(const struct box *b);
struct workspace *box_workspace(struct box *b);

/* As the broker's functions, for the user, after `ready`. */
int box_start(struct box *b, const struct broker_program *p, struct err *err);
int box_kill(struct box *b, enum reason why, struct err *err);
int box_open(struct box *b, const char *path, int flags, unsigned mode,
	     broker_file_fn *fn, void *arg, struct err *err);
int box_list(struct box *b, broker_entry_fn *entry, broker_done_fn *done,
	     void *arg, struct err *err);
int box_mkdir(struct box *b, const char *path, broker_done_fn *done, void *arg,
	      struct err *err);
