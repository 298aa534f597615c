/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A run as one JSON object a line on standard output: messages and events in
 * AutoGen's JSON, notices, and last the result. */
#include "agentlib/core/task.h"
#include "executor/base/err.h"

/* The sink; it keeps nothing. */
struct sink ndjson_sink(void);

/* {"type":"Notice","pointer":…,"text":…}; a failure to write is not told, the
 * next message tells it. */
void ndjson_notice(const char *pointer, const char *text);

/* {"type":"TaskResult","stop_reason","messages":N,"usage","error"}: the last
 * line. `failure` NULL: the team stopped by itself. */
int ndjson_result(const struct task_result *r, const struct err *failure,
		  struct err *err);
