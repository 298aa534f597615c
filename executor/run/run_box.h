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
struct run_box;

struct run_box_options {
	struct loop *loop;
	const struct backend *backend;
	struct backend_conn *conn;     /* borrowed for the life of the box */
	const struct profile *profile; /* borrowed for the life of the box */
	struct limits limits;          /* resolved */
	int tier;
};

/* Whoever uses the box now. Any may be NULL. */
struct run_box_user {
	void *arg;
	void (*ready)(void *arg, const struct err *err); /* err: no box */
	void (*started)(void *arg, const struct err *err);
	void (*ended)(void *arg, const struct broker_end *end);
	void (*lost)(void *arg, const struct err *err);
};

/* Asks for it; run_box_destroy() ends it with all that runs in it. */
int run_box_create(struct run_box **out, const struct run_box_options *o,
		   struct err *err);
void run_box_destroy(struct run_box *b); /* NULL is fine */

/* Becomes the user; `ready` comes from the loop. -ERR_CONFLICT while another
 * uses it. run_box_release() ends that, nothing is called after it. */
int run_box_use(struct run_box *b, const struct run_box_user *user,
		struct err *err);
void run_box_release(struct run_box *b);
bool run_box_used(const struct run_box *b);

/* What the broker enforces; valid after `ready` without error. */
const struct broker_box_info *run_box_info(const struct run_box *b);

/* What it was asked for. */
const struct run_box_options *run_box_options(const struct run_box *b);
struct loop *run_box_loop(const struct run_box *b);
struct workspace *run_box_workspace(struct run_box *b);

/* As the broker's functions, for the user, after `ready`. */
int run_box_start(struct run_box *b, const struct broker_program *p,
		  struct err *err);
int run_box_kill(struct run_box *b, enum reason why, struct err *err);
int run_box_open(struct run_box *b, const struct backend_file *f,
		 broker_file_fn *fn, void *arg, struct err *err);
int run_box_list(struct run_box *b, broker_entry_fn *entry,
		 broker_done_fn *done, void *arg, struct err *err);
int run_box_mkdir(struct run_box *b, const char *path, broker_done_fn *done,
		  void *arg, struct err *err);
