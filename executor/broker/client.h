/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The front's end of the broker: starts the process, makes boxes, starts
 * programs in them, hears how they ended. Everything is asynchronous on the
 * given loop; callbacks come from the loop only. Deadlines live in the broker.
 */
#include "executor/base/err.h"
#include "executor/spec/limits.h"
#include "executor/spec/result.h"
#include <stdbool.h>
#include <stdint.h>

struct loop;
struct broker;
struct broker_box;

struct broker_options {
	const char *program; /* path of libexec/coop/broker */
	const char *share;   /* profiles, languages, filters */
};

/* posix_spawn of the broker with a socket; 0 or error. Its death is reported to
 * every box as -ERR_UNAVAILABLE. */
int broker_start(struct broker **out, struct loop *l,
		 const struct broker_options *o, struct err *err);

/* Closes the socket (the broker then ends everything), waits for its end up to
 * 5 s, frees. Live boxes are freed, callbacks are not called. NULL is fine. */
void broker_stop(struct broker *b);

struct broker_box_info {
	int tier;
	uint32_t missing;     /* bits 1 << enum wall */
	struct limits limits; /* as enforced */
};

/* How a program in a box ended. */
struct broker_end {
	int wait_status; /* of waitpid(2); valid if !broken */
	bool broken;     /* Coop failed; text in `why` */
	char why[256];
	enum reason reasons[REASONS_MAX]; /* latched by the broker, first first */
	unsigned reason_count;
	bool oom_kill;        /* the group's oom_kill counter rose */
	bool memory_at_limit; /* its own limit was reached */
	int64_t cpu_ns, memory_peak, processes_peak; /* -1: not known */
	uint64_t wall_ns;        /* first instruction to death of the tree */
	char denied_syscall[32]; /* first that was refused; "": none known */
	bool leftover;           /* could not be verified empty: quarantined */
};

struct broker_box_events {
	void *arg;
	/* Once: made (info) or failed (err). */
	void (*made)(void *arg, const struct broker_box_info *info,
		     const struct err *err);
	/* A program passed its exec or failed before its first instruction
	 * (err; code ERR_NOT_FOUND: no such program, ERR_FORBIDDEN: cannot be
	 * executed, others: Coop failed). No `ended` follows an error. */
	void (*started)(void *arg, const struct err *err);
	void (*ended)(void *arg, const struct broker_end *end);
	/* The broker or the box died: nothing more will come. */
	void (*lost)(void *arg, const struct err *err);
};

struct broker_wish {
	const char *profile;         /* < 64 bytes */
	const struct limits *limits; /* 0: the profile's default */
	int tier;                    /* weakest acceptable; 0: any */
	bool no_network;             /* none, whatever the profile allows */
	const struct broker_box_events *events; /* copied */
};

/* Asks for a box. Everything is copied. */
int broker_box_make(struct broker_box **out, struct broker *b,
		    const struct broker_wish *wish, struct err *err);

struct broker_program {
	const char *const *argv; /* NULL-ended; argv[0] absolute or looked up in
				     the box's PATH */
	const char *const *env;  /* NULL-ended, complete */
	int stdio[3];            /* borrowed; dup'ed into the box */
	uint64_t time_ms;        /* 0: the box's limit */
};

/* Starts a program; one at a time per box. */
int broker_box_start(struct broker_box *x, const struct broker_program *p,
		     struct err *err);

/* Kills the running program's tree with a latched reason; `ended` follows. */
int broker_box_kill(struct broker_box *x, enum reason why, struct err *err);

/* Ends the box; no callback comes after this. NULL is fine. */
void broker_box_end(struct broker_box *x);

/* ---- files, through the box's init; only after `made` ---- */

/* open(2)-like beneath /workspace (or /tmp with an absolute path). The fd is a
 * regular file of the box's own tmpfs, verified here. Callback: fd (owned by
 * the callee) or -1 with err. Requests are answered in order. */
typedef void broker_file_fn(void *arg, int fd, const struct err *err);
struct broker_open {
	const char *path;
	int flags;     /* O_*: access, CREAT, EXCL, TRUNC, APPEND */
	unsigned mode; /* with O_CREAT */
};
int broker_file_open(struct broker_box *x, const struct broker_open *o,
		     broker_file_fn *fn, void *arg, struct err *err);

struct broker_entry {
	const char *path; /* relative to /workspace */
	char type;        /* 'f' 'd' 'l' 'p' 's' 'o' */
	uint64_t size, ino;
	int64_t mtime_ns;
	unsigned mode;
};

/* Every entry below `dir` ("" = /workspace), recursive; then done(err or NULL).
 * `truncated` when there were more than the box's inode limit. */
typedef void broker_entry_fn(void *arg, const struct broker_entry *e);
typedef void broker_done_fn(void *arg, bool truncated, const struct err *err);
int broker_file_list(struct broker_box *x, const char *dir,
		     broker_entry_fn *entry, broker_done_fn *done, void *arg,
		     struct err *err);

/* mkdir -p and rm -r, beneath /workspace. */
int broker_file_mkdir(struct broker_box *x, const char *path,
		      broker_done_fn *done, void *arg, struct err *err);
int broker_file_remove(struct broker_box *x, const char *path,
		       broker_done_fn *done, void *arg, struct err *err);
