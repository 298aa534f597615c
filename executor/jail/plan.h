/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * plan(profile, limits, machine) -> steps. Pure: reads nothing but its
 * arguments, so a golden file holds on any host. The same steps are printed by
 * `coop plan` and carried out by hands.c. Does not decide limits (spec/) nor
 * look at the machine (machine.c).
 */
#include "executor/jail/machine.h"
#include "executor/jail/step.h"
#include "executor/profile/profile.h"
#include "executor/spec/result.h"

struct buf;

enum plan_phase {
	PLAN_ROOT,    /* once per nest */
	PLAN_BOX,     /* once per box, by the process that becomes init */
	PLAN_GROUP,   /* once per box, by the broker */
	PLAN_PROCESS, /* once per exec, by the process itself */
	PLAN_PHASES
};

#define PLAN_STEPS_MAX 224
#define PLAN_UID 1000 /* uid and gid of user code, as it sees them */
#define PLAN_STORE "/.box"
#define PLAN_HOST "/.host"

struct plan {
	struct step steps[PLAN_STEPS_MAX];
	unsigned count;
	unsigned first[PLAN_PHASES +
		       1];    /* steps of phase p: first[p]..first[p+1] */
	int tier;             /* 1, 2, or 3 = cannot be built here */
	uint32_t missing;     /* bits 1 << enum wall */
	struct limits limits; /* as enforced */
	char text[1024];      /* strings made here */
	unsigned text_used;
};

/*
 * Makes the plan. `limits` are resolved against the profile here (0 = default).
 * The plan borrows strings of `profile`. -ERR_INVALID for a limit over its
 * ceiling; -ERR_UNSUPPORTED when the machine lacks what no tier can miss.
 */
int plan_make(struct plan *out, const struct profile *profile,
	      const struct limits *limits, const struct machine *machine,
	      struct err *err);

/* Whether boxes get the profile's proxy; and takes it away, for a request that
 * wants no network. */
bool plan_has_proxy(const struct plan *plan);
void plan_close_network(struct plan *plan);

/* -ERR_UNSUPPORTED with a remedy when plan->tier is weaker than `weakest`. */
int plan_accept(const struct plan *plan, int weakest, struct err *err);

/* Appends the plan as stable text, one step a line, phases as headings. */
void plan_format(const struct plan *plan, struct buf *out);

/* "root", "box", "group", "process". */
const char *plan_phase_name(enum plan_phase phase);

/* What one processor-time look may cost: cpus that the box may use, at least
 * 1. */
unsigned plan_cpus(const struct plan *plan, const struct machine *machine);
