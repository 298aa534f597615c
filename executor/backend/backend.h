/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What run/ needs of a place where boxes live. One file per implementation
 * (jail.c, …), the table of them in backends.h. The plain values that go back
 * and forth are the broker's, and so are its rules: everything is asynchronous
 * on the loop, callbacks come from the loop only, file requests are answered in
 * order, nothing comes after a box has been ended.
 */
#include "executor/base/err.h"
#include "executor/broker/client.h"
#include <stdint.h>

struct buf;
struct loop;
struct profile;
struct backend_conn;
struct backend_box;

struct backend_options {
	const char *libexec; /* folder of helper programs */
	const char *share;   /* profiles, languages, filters */
};

/* A box to be made; everything is borrowed for the call. */
struct backend_wish {
	const char *profile;
	const struct limits *limits; /* resolved */
	int tier;                    /* weakest acceptable */
	bool no_network;             /* none, whatever the profile allows */
	const struct broker_box_events *events; /* copied */
};

/* A file of a box to be opened, as open(2) has it. */
struct backend_file {
	const char *path;
	int flags;
	unsigned mode;
};

struct backend {
	const char *name;
	const char *summary;

	/* Starts what the backend needs; ends with close (NULL is fine). */
	int (*open)(struct backend_conn **out, struct loop *l,
		    const struct backend_options *o, struct err *err);
	void (*close)(struct backend_conn *c);

	/* Appends what make would build, as text; starts nothing. limits are
	 * resolved. */
	int (*plan)(struct buf *out, const struct profile *p,
		    const struct limits *limits, int tier, struct err *err);

	/* As broker_box_make() and broker_box_end(). */
	int (*make)(struct backend_box **out, struct backend_conn *c,
		    const struct backend_wish *w, struct err *err);
	void (*end)(struct backend_box *x);

	/* As broker_box_start() and broker_box_kill(). */
	int (*start)(struct backend_box *x, const struct broker_program *p,
		     struct err *err);
	int (*kill)(struct backend_box *x, enum reason why, struct err *err);

	/* As broker_file_*(). */
	int (*file_open)(struct backend_box *x, const struct backend_file *f,
			 broker_file_fn *fn, void *arg, struct err *err);
	int (*file_list)(struct backend_box *x, const char *dir,
			 broker_entry_fn *entry, broker_done_fn *done,
			 void *arg, struct err *err);
	int (*file_mkdir)(struct backend_box *x, const char *path,
			  broker_done_fn *done, void *arg, struct err *err);
	int (*file_remove)(struct backend_box *x, const char *path,
			   broker_done_fn *done, void *arg, struct err *err);
};
