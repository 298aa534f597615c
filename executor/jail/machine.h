/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What this machine can enforce, found once and then plain data, so that
 * planning is pure and its tests hold on any host. Does not decide what a jail
 * needs (plan.c), nor words it for people (machine_report.c).
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define MACHINE_PATH_MAX 512

enum controller {
	CONTROLLER_MEMORY,
	CONTROLLER_PIDS,
	CONTROLLER_CPU,
	CONTROLLER_CPUACCT,
	CONTROLLER_FREEZER,
	CONTROLLER_COUNT
};

/* "memory", …; never NULL. */
const char *controller_name(enum controller c);

/* Where one cgroup controller lives. */
struct machine_controller {
	int version;                 /* 1 or 2; 0: nowhere */
	bool writable;               /* a group can be made in `path` */
	char path[MACHINE_PATH_MAX]; /* our own group in its hierarchy */
};

/* A top folder of the host that is a link into /usr ("bin" -> "usr/bin"). */
struct machine_link {
	char name[16];
	char target[48]; /* "": absent, "/": a real folder */
};
#define MACHINE_LINKS 5

/* Ids that the host gives a user besides his own; count 0: none. */
struct machine_range {
	uint32_t first, count;
};

/* The only places that they are taken from. */
#define MACHINE_NEWUIDMAP "/usr/bin/newuidmap"
#define MACHINE_NEWGIDMAP "/usr/bin/newgidmap"

struct machine {
	bool root; /* uid 0 with CAP_SYS_ADMIN, no user ns */
	uint32_t uid, gid;
	struct machine_range sub_uids, sub_gids; /* without root; same count */
	unsigned kernel_major, kernel_minor;
	unsigned cpus; /* online */
	uint64_t memory_bytes;
	bool swap; /* the machine has any */

	long max_user_namespaces; /* of sysctl; -1 unknown */
	bool userns_restricted;   /* a sysctl or AppArmor forbids them */
	int userns_errno;         /* of a real try; 0 worked, -1 not tried */

	struct machine_controller controllers[CONTROLLER_COUNT];
	bool memory_swap_limit;         /* v1 memsw or v2 swap.max exists */
	bool pids_peak;                 /* peak of processes is counted */
	char v2_path[MACHINE_PATH_MAX]; /* where groups go in the v2 tree */
	bool v2_divisible;              /* they can have controllers there */
	char v2_root[MACHINE_PATH_MAX]; /* where that tree is mounted */

	int landlock_abi; /* 0 none */
	bool openat2, mount_setattr, user_notify;
	bool proc_visible; /* an unmasked /proc is mounted */
	char stage[32];    /* folder to build the new root on */
	struct machine_link links[MACHINE_LINKS];
};

/*
 * Looks. Costs about 0.2 ms: files of /proc and /sys, no child process. Never
 * fails: what cannot be read counts as absent.
 */
void machine_probe(struct machine *m);

/* Also makes a user namespace in a child to see whether it is permitted; for
 * doctor. Fills userns_errno. */
void machine_probe_userns(struct machine *m);

/*
 * Finds every controller from the texts of /proc/self/cgroup and
 * /proc/self/mountinfo (v2_path is then our own group; machine_probe() looks for
 * a better one); `v2_controllers` is cgroup.controllers of v2_path ("" if none).
 * Pure; `writable` stays false.
 */
void machine_parse_cgroups(struct machine *m, const char *cgroup,
			   const char *mountinfo);
void machine_parse_v2(struct machine *m, const char *v2_controllers);

/* Finds the ranges for boxes' own uids of a user who is not root; leaves them
 * empty when something for them is missing. */
void machine_probe_subids(struct machine *m);

/*
 * The first range of `name` or number `uid` in the text of /etc/subuid or
 * /etc/subgid that is large enough. Pure; false: none, *out untouched.
 */
bool machine_parse_subids(const char *text, const char *name, uint32_t uid,
			  struct machine_range *out);

/* Whether each box can have a uid of its own on the host. */
static inline bool machine_own_uids(const struct machine *m)
{
	return m->root || m->sub_uids.count;
}

/* Whether mountinfo shows a writable /proc of type proc with nothing mounted
 * below it: only then can another be mounted in a user namespace. */
bool machine_parse_proc(const char *mountinfo);

/* One line of doctor's report. */
struct machine_fact {
	const char *name;
	bool ok;
	char text[256];     /* a sentence */
	const char *remedy; /* NULL when ok or when nothing helps */
};
#define MACHINE_FACTS_MAX 24

/* The report; number of lines. */
unsigned machine_facts(const struct machine *m,
		       struct machine_fact out[MACHINE_FACTS_MAX]);

/* Sets *err (ERR_UNSUPPORTED) to why user namespaces cannot be had, with the
 * remedy; `errno_value` is what the kernel said. Returns the code. */
int machine_no_userns(const struct machine *m, int errno_value,
		      struct err *err);
