/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules. A kill is explained by what was latched or counted, or it is only
 * a signal: SIGKILL alone is never called memory or time.
 */
#include "executor/run/verdict.h"

#include "executor/base/mem.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static bool has(const struct verdict *v, enum reason r)
{
	for (unsigned i = 0; i < v->reason_count; i++)
		if (v->reasons[i] == r)
			return true;
	return false;
}

static void add(struct verdict *v, enum reason r)
{
	if (!has(v, r) && v->reason_count < REASONS_MAX)
		v->reasons[v->reason_count++] = r;
}

/* RLIMIT_CPU backs the watch over the group: it ends by signal, unlatched. */
static bool cpu_used_up(const struct facts *f)
{
	return f->cpu_limit_ns && f->cpu_ns >= 0 &&
	       (uint64_t)f->cpu_ns >= f->cpu_limit_ns;
}

static void collect_reasons(struct verdict *v, const struct facts *f)
{
	for (unsigned i = 0; i < f->reason_count && i < REASONS_MAX; i++)
		if (f->reasons[i] != REASON_MEMORY) /* counters decide */
			add(v, f->reasons[i]);
	if (f->oom_kill && f->memory_at_limit)
		add(v, REASON_MEMORY);
	if (v->signal && cpu_used_up(f) &&
	    (v->signal == SIGXCPU || v->signal == SIGKILL))
		add(v, REASON_CPU);
	if (f->output_over)
		add(v, REASON_OUTPUT);
}

static enum run_status own_status(const struct verdict *v)
{
	if (v->signal)
		return RUN_SIGNALED;
	return v->exit_code ? RUN_FAILED : RUN_OK;
}

/*
 * Whether a reason ended this program. What was killed for a limit died by a
 * signal; one that exited by itself beat the limit. A shell whose child was
 * taken by the memory limit exits with an error of its own: memory it is.
 */
static bool explains(const struct verdict *v, enum reason r,
		     enum run_status *status)
{
	bool killed = v->signal == SIGKILL || v->signal == SIGXCPU;

	switch (r) {
	case REASON_CANCELLED:
		*status = RUN_CANCELLED;
		return true;
	case REASON_TIME:
		*status = RUN_TIME_LIMIT;
		return killed;
	case REASON_CPU:
		*status = RUN_CPU_LIMIT;
		return killed;
	case REASON_MEMORY:
		*status = RUN_MEMORY_LIMIT;
		return v->signal || v->exit_code;
	case REASON_BROKEN:
		*status = RUN_SANDBOX_ERROR;
		return true;
	case REASON_OUTPUT:
	case REASON_PROCESSES:
		break;
	}
	return false;
}

/* Output only ends a program when the profile says so, and then it is latched
 * by the kill, not just counted. */
static bool killed_for_output(const struct verdict *v, const struct facts *f,
			      enum reason r)
{
	if (r != REASON_OUTPUT || v->signal != SIGKILL)
		return false;
	for (unsigned i = 0; i < f->reason_count && i < REASONS_MAX; i++)
		if (f->reasons[i] == REASON_OUTPUT)
			return true;
	return false;
}

static enum run_status decide(struct verdict *v, const struct facts *f)
{
	enum run_status status;

	for (unsigned i = 0; i < v->reason_count; i++) {
		if (killed_for_output(v, f, v->reasons[i]))
			return RUN_OUTPUT_LIMIT;
		if (explains(v, v->reasons[i], &status))
			return status;
	}
	if (f->oom_kill && !f->memory_at_limit) {
		v->message = "the machine ran short of memory and the kernel "
			     "ended processes of this run";
		add(v, REASON_BROKEN);
		return RUN_SANDBOX_ERROR;
	}
	return own_status(v);
}

static struct verdict broken(struct verdict v, const struct facts *f)
{
	collect_reasons(&v, f);
	add(&v, REASON_BROKEN);
	v.status = RUN_SANDBOX_ERROR;
	v.message = f->why && *f->why ? f->why : "Coop failed in mid-run";
	for (unsigned i = 0; i < v.reason_count; i++)
		if (v.reasons[i] == REASON_CANCELLED)
			v.status = RUN_CANCELLED; /* it was to end anyway */
	return v;
}

struct verdict verdict_of(const struct facts *f)
{
	struct verdict v = { .exit_code = -1 };

	if (f->broken)
		return broken(v, f);
	if (WIFEXITED(f->wait_status)) {
		v.exit_code = WEXITSTATUS(f->wait_status);
	} else if (WIFSIGNALED(f->wait_status)) {
		v.signal = WTERMSIG(f->wait_status);
	} else {
		struct facts odd = *f;

		odd.why = "the end of the program was not reported";
		return broken(v, &odd);
	}
	collect_reasons(&v, f);
	v.status = decide(&v, f);
	if (f->leftover)
		v.message =
			"processes could not be ended; the box is set aside";
	return v;
}
