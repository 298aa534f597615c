/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A task's state in a file: AutoGen's state JSON. */
#include "executor/base/err.h"
#include <stdbool.h>

struct task;

/* Gives the task the state in `path`; *found false when there is no file. */
int cli_state_load(struct task *t, const char *path, bool *found,
		   struct err *err);

/* Replaces `path` by the task's state, whole or not at all. */
int cli_state_save(const struct task *t, const char *path, struct err *err);
