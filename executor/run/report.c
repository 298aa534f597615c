/* SPDX-License-Identifier: Apache-2.0 */
/* Filling struct result. */
#include "executor/run/report.h"

#include "executor/base/clock.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/profile.h"
#include "executor/run/run_box.h"

#include <string.h>

void report_place(struct result *r, struct run_box *b)
{
	const struct broker_box_info *info = run_box_info(b);
	const struct run_box_options *o = run_box_options(b);

	str_copy(r->backend, sizeof(r->backend), o->backend->name);
	str_copy(r->profile, sizeof(r->profile), o->profile->name);
	r->tier = info->tier;
	r->missing = info->missing;
	r->limits = info->tier ? info->limits : o->limits;
}

static void take_verdict(struct result *r, const struct verdict *v)
{
	r->status = v->status;
	r->exit_code = v->exit_code;
	r->signal = v->signal;
	r->reason_count = v->reason_count;
	memcpy(r->reasons, v->reasons, sizeof(r->reasons));
	if (v->message)
		str_copy(r->message, sizeof(r->message), v->message);
}

void report_program(struct result *r, struct run_program_report *p)
{
	struct verdict v = verdict_of(&p->facts);

	take_verdict(r, &v);
	r->stdout_data = mem_take(p->out.data);
	r->stdout_len = p->out.len;
	r->stdout_truncated = p->out.truncated;
	r->stderr_data = mem_take(p->err.data);
	r->stderr_len = p->err.len;
	r->stderr_truncated = p->err.truncated;
	if (p->facts.cpu_ns >= 0)
		r->cpu_ms = (double)p->facts.cpu_ns / CLOCK_MS;
	if (!p->end) {
		if (p->started_ns)
			r->wall_ms = (double)(clock_now_ns() - p->started_ns) /
				     CLOCK_MS;
		return;
	}
	r->wall_ms = (double)p->end->wall_ns / CLOCK_MS;
	r->memory_peak_bytes = p->end->memory_peak;
	r->processes_peak = p->end->processes_peak;
	memcpy(r->denied_syscall, p->end->denied_syscall,
	       sizeof(r->denied_syscall));
}

void report_cancelled(struct result *r)
{
	r->status = RUN_CANCELLED;
	r->reasons[0] = REASON_CANCELLED;
	r->reason_count = 1;
}
