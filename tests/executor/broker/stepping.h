/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What steps_test and stepping_prog share, in a mapped file that stands beside the
 * state folder (all that a broker is told): where to stand still, how far it came.
 */
#include <stdint.h>
#include <sys/types.h>

#define STEPPING_FILE "%s.stepping" /* of COOP_STATE */
#define STEPPING_PHASES 4

struct stepping {
	int32_t phase, index; /* stand still before this step; -1: never */
	int32_t reached;      /* 1: it stands there */
	pid_t broker;
	/* steps that were seen, for a first run that stands nowhere */
	int32_t first[STEPPING_PHASES], end[STEPPING_PHASES];
};
