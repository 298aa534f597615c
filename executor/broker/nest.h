/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The nest: root of Coop's user namespace and pid 1 of a pid namespace that
 * holds everything of one profile, so its death takes all of it. It builds the
 * profile's root once, makes boxes, starts and reaps their programs and says
 * how they ended. Decides nothing: limits, deadlines and kills are the broker's.
 */
#include "executor/jail/hands.h"
#include "executor/jail/machine.h"
#include "executor/profile/filter.h"
#include "executor/profile/profile.h"

struct nest_args {
	int sock; /* to the broker */
	int go;   /* readable once our maps are written */
	const struct profile *profile;
	const struct filter *filter;
	const struct machine *machine;
	char *title; /* argv and environment, to be wiped */
	size_t title_len;
	hands_watch_fn *watch; /* of tests; NULL: none */
};

/* Runs in the process that clone3 made with new namespaces; never returns. */
_Noreturn void nest_main(const struct nest_args *args);
