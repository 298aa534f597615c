/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Carries out the steps of a plan, in order, in the process that they are for.
 * Each kind of step is one function in the file of its kernel feature. Steps
 * that another process does for this one (namespaces, maps, limits of the
 * group, exec) are passed over here and named in hands.c.
 */
#include "executor/base/err.h"
#include "executor/jail/denied.h"
#include "executor/jail/plan.h"

struct filter;

/* Called before each step, with its index in the plan; in whichever process the
 * step is for. For tests; NULL elsewhere. */
typedef void hands_watch_fn(enum plan_phase phase, unsigned index);

/* What steps need beyond their own text. Descriptors are borrowed unless said. */
struct hands {
	struct denied_letter *letter; /* process: NULL: refusals stay nameless */
	int listener;      /* process: of the filter, -1 none; set by seccomp */
	int host;          /* root: set by STEP_NEWROOT, closed at leave */
	const int *attach; /* process: `tasks` files to write "0" to */
	unsigned attach_count;
	int stdio[3]; /* process */
	int proxy;    /* box: listens for the proxy, the caller's; 0 none */
	int ruleset;  /* process: between the first allow and landlock */
	int report;   /* process: stays open, as 3, close-on-exec */
	const struct filter *filter; /* process: the profile's */
	hands_watch_fn *watch;
};

/*
 * Runs all steps of one phase. The first failing step ends it: err->field is
 * "PHASE/STEP". In phase process everything but 0, 1, 2 and the report
 * is closed on the way; h->report is renumbered.
 */
int hands_run(const struct plan *plan, enum plan_phase phase, struct hands *h,
	      struct err *err);
