/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One cgroup per box: make it, limit it, read its counters, kill and remove it.
 * Knows v1 and v2 through the drivers in cgroup_v1.c and cgroup_v2.c; does not
 * decide limits (plan.c) nor say what they mean (run/verdict.c).
 */
#include "executor/base/err.h"
#include "executor/jail/machine.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CGROUP_NAME_MAX 40

/* A folder that holds the groups of one broker, in every hierarchy in use. */
struct cgroup_root {
	const struct cgroup_driver *driver; /* NULL: no cgroups here */
	bool has[CONTROLLER_COUNT];
	int place[CONTROLLER_COUNT]; /* which of the folders below */
	unsigned count;              /* folders: hierarchies in use */
	char path[CONTROLLER_COUNT][MACHINE_PATH_MAX + CGROUP_NAME_MAX];
	int fd[CONTROLLER_COUNT]; /* O_PATH of each, -1 */
};

/* A box's group. */
struct cgroup {
	const struct cgroup_root *root;
	char name[CGROUP_NAME_MAX];
	int fd[CONTROLLER_COUNT]; /* O_PATH of the box's folders, -1 */
	uint64_t cpu_base_ns;     /* counters when the run began */
	uint64_t oom_base, at_limit_base, refused_base;
	uint64_t memory_limit;
	bool killing; /* since the first pass of killing in this run */
	bool refused; /* what pids.events said just before that */
	bool denied;  /* we may not signal all of it: whoever may must help */
};

struct cgroup_usage {
	int64_t cpu_ns, memory_peak, processes_peak; /* -1: not known */
	bool oom_kill;        /* the kernel killed for memory in this run */
	bool memory_at_limit; /* its own limit was reached */
	bool fork_refused;    /* pids.max refused a fork in this run */
};

struct cgroup_driver {
	const char *name;
	/* Whether this driver serves the machine; fills place and path. */
	bool (*plan)(struct cgroup_root *root, const struct machine *m,
		     const char *id);
	/* After the root's folders were made: what the version needs. */
	int (*root_ready)(struct cgroup_root *root, uid_t nest,
			  struct err *err);
	int (*limit)(struct cgroup *cg, const char *name, uint64_t value,
		     struct err *err);
	/* Opens what a process attaches with; count, or -code. */
	int (*attach_open)(struct cgroup *cg, uid_t nest,
			   int fds[CONTROLLER_COUNT], struct err *err);
	void (*begin)(struct cgroup *cg);
	void (*usage)(const struct cgroup *cg, struct cgroup_usage *u);
	int (*freeze)(const struct cgroup *cg, bool frozen, struct err *err);
	/* One pass of killing, frozen or not; true when the group is empty. */
	bool (*kill)(struct cgroup *cg);
	bool (*empty)(const struct cgroup *cg);
	bool attach_by_clone; /* the descriptor goes to clone3, not "0" */
};

/*
 * Fixes where the groups of broker `id` will be (root->path), without making
 * anything, so that the paths can be noted first. root->driver stays NULL when
 * the machine gives none.
 */
void cgroup_root_plan(struct cgroup_root *root, const struct machine *m,
		      const char *id);

/* Makes the folders. `nest` is the host uid of the nest's root. Controllers that
 * cannot be had after all leave root->has. On failure nothing is left and
 * root->driver is NULL. */
int cgroup_root_create(struct cgroup_root *root, uid_t nest, struct err *err);

/* Removes the folders, which must hold no groups; true when all are gone. */
bool cgroup_root_destroy(struct cgroup_root *root);

/* Makes a box's group named `name`. Ends with cgroup_destroy(). */
int cgroup_create(struct cgroup **out, const struct cgroup_root *root,
		  const char *name, struct err *err);

/* Applies a STEP_LIMIT: "memory.max" bytes, "memory.swap" bytes, "pids.max",
 * "cpu.milli". -ERR_SYSTEM when the kernel refuses. */
int cgroup_limit(struct cgroup *cg, const char *name, uint64_t value,
		 struct err *err);

/*
 * Opens what a process needs to enter: `tasks` files to write "0" to, or, if
 * driver->attach_by_clone, one folder for CLONE_INTO_CGROUP. Descriptors belong
 * to the caller. Returns their number or -code.
 */
int cgroup_attach_open(struct cgroup *cg, uid_t nest, int fds[CONTROLLER_COUNT],
		       struct err *err);

/* Counters are read from here on: a new run begins in the same group. */
void cgroup_begin(struct cgroup *cg);

/* Counters since cgroup_begin(). */
void cgroup_usage(const struct cgroup *cg, struct cgroup_usage *u);

/* Stops or continues everything in it. -ERR_UNSUPPORTED without a freezer. */
int cgroup_freeze(const struct cgroup *cg, bool frozen, struct err *err);

/* Lets nothing more be born in it, until cgroup_begin(), and sends SIGKILL to
 * everything in it, frozen or not; never blocks. True when it is empty; else
 * call again a little later. */
bool cgroup_kill(struct cgroup *cg);

/* Whether no process is in it, nor a zombie that still counts as one. */
bool cgroup_empty(const struct cgroup *cg);

/* Removes the group and frees; false if the kernel still held it (the sweep of
 * a later start removes it then). NULL is fine and true. */
bool cgroup_destroy(struct cgroup *cg);

/* Thaws all groups of a root folder that a dead broker left. In v1 processes
 * are frozen in one hierarchy and listed in others: thaw all, then sweep. */
void cgroup_sweep_thaw(const char *path);

/*
 * Removes a root folder that a dead broker left, with its groups: kills, waits
 * at most `wait_ms`. `path` must end in "/coop-<id>". True when gone.
 */
bool cgroup_sweep(const char *path, unsigned wait_ms);

/* The drivers, ended by NULL; the first whose plan() says yes serves. */
extern const struct cgroup_driver *const cgroup_drivers[];
