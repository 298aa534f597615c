/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result as a value: names of its enums, its life, the exit status that
 * follows from it. Its JSON stands in result_json.c, deciding in run/verdict.c.
 */
#include "executor/spec/result.h"

#include "executor/base/mem.h"

#include <string.h>

static const struct {
	const char *name;
	int exit_status;
} statuses[] = {
#define ROW(sym, name, code) [sym] = { name, code },
	RUN_STATUS_TABLE(ROW)
#undef ROW
};

static const char *const reasons[] = {
	[REASON_TIME] = "time_limit",
	[REASON_CPU] = "cpu_limit",
	[REASON_MEMORY] = "memory_limit",
	[REASON_OUTPUT] = "output_limit",
	[REASON_PROCESSES] = "processes_limit",
	[REASON_CANCELLED] = "cancelled",
	[REASON_BROKEN] = "sandbox_error",
};

static const char *const walls[] = {
#define ROW(sym, name, why) [sym] = name,
	WALL_TABLE(ROW)
#undef ROW
};

const char *run_status_name(enum run_status s)
{
	return (unsigned)s < ARRAY_LEN(statuses) ? statuses[s].name : "unknown";
}

const char *reason_name(enum reason r)
{
	if ((unsigned)r >= ARRAY_LEN(reasons) || !reasons[r])
		return "unknown";
	return reasons[r];
}

const char *wall_name(enum wall w)
{
	return (unsigned)w < ARRAY_LEN(walls) ? walls[w] : "unknown";
}

void result_init(struct result *r)
{
	memset(r, 0, sizeof(*r));
	r->status = RUN_SANDBOX_ERROR;
	r->exit_code = -1;
	r->cpu_ms = -1;
	r->memory_peak_bytes = -1;
	r->processes_peak = -1;
	memcpy(r->start, "cold", sizeof("cold"));
}

void result_finish(struct result *r)
{
	if (!r)
		return;
	mem_free(r->stdout_data);
	mem_free(r->stderr_data);
	for (size_t i = 0; i < r->file_count; i++) {
		mem_free(r->files[i].path);
		mem_free(r->files[i].content);
	}
	mem_free(r->files);
	if (r->compile) {
		result_finish(r->compile);
		mem_free(r->compile);
	}
	memset(r, 0, sizeof(*r));
}

int result_exit_status(const struct result *r)
{
	int fixed = statuses[r->status].exit_status;

	if (fixed >= 0)
		return fixed;
	if (r->signal)
		return 128 + r->signal;
	return r->exit_code;
}
