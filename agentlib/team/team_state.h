/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* State and config of a team as JSON, in AutoGen's forms. */
#include "agentlib/core/task.h"

struct json;
struct json_writer;

/* The common part of every struct team_ops. */
#define TEAM_TASK_OPS(name)                                                    \
	{                                                                      \
		.provider = (name), .run = team_run, .reset = team_reset,      \
		.save = team_state_save, .load = team_state_load,              \
		.dump = team_state_dump, .close = team_close,                  \
		.destroy = team_destroy,                                       \
	}

/* {"type":"TeamState",…}: each participant's state and unread messages, and the
 * manager's. Allowed while it runs. */
void team_state_save(struct task *t, struct json_writer *w);

/*
 * Puts a saved state back; every participant must be in it. -ERR_CONFLICT while
 * it runs. On failure the team is as it was.
 */
int team_state_load(struct task *t, const struct json *state, struct err *err);

/* The config object. */
void team_state_dump(const struct task *t, struct json_writer *w);
