/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The inside of a team of the door, for team_door.c and run_door.c. */
#include "agentlib/include/agentlib.h"

struct scope;
struct task;

struct coop_team {
	struct coop_engine *engine;
	struct task *task;
	struct scope *scope; /* of the run in progress; NULL: none */
};
