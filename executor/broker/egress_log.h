/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * STATE/egress.log: the proxy's decisions, one JSON object a line, of all
 * brokers that keep their state there. Bounded: when it is full it becomes
 * egress.log.1, and what that was is gone.
 */
#include "executor/base/err.h"
#include <stdbool.h>

#define EGRESS_LOG_MAX (16 << 20) /* bytes of each of the two */

/* Opens it for appending, close-on-exec, after a turn if it is full. The
 * descriptor or -ERR_SYSTEM. */
int egress_log_open(const char *state, struct err *err);

/* Whether `fd` should be opened anew: it is full, or somebody has turned it. */
bool egress_log_is_old(const char *state, int fd);
