/* SPDX-License-Identifier: Apache-2.0 */
/* Facts → status, row by row. */
#include "executor/run/verdict.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

#define EXITED(n) ((n) << 8)
#define KILLED(n) (n)
#define MS 1000000ULL

struct row {
	const char *what;
	struct facts facts;
	enum run_status status;
	int exit_code, signal;
	enum reason reasons[REASONS_MAX]; /* ended by 0 */
};

#define LATCHED(...)                                                           \
	.reasons = { __VA_ARGS__ },                                            \
	.reason_count = sizeof((enum reason[]){ __VA_ARGS__ }) /               \
			sizeof(enum reason)

static const struct row rows[] = {
	{ "nothing special", { .wait_status = EXITED(0) }, RUN_OK, 0, 0, { 0 } },
	{ "an exit status",
	  { .wait_status = EXITED(3) },
	  RUN_FAILED,
	  3,
	  0,
	  { 0 } },
	{ "exit status 255",
	  { .wait_status = EXITED(255) },
	  RUN_FAILED,
	  255,
	  0,
	  { 0 } },
	{ "a crash", { .wait_status = KILLED(11) }, RUN_SIGNALED, -1, 11, { 0 } },
	{ "a crash with a core",
	  { .wait_status = KILLED(11) | 0x80 },
	  RUN_SIGNALED,
	  -1,
	  11,
	  { 0 } },
	{ "SIGKILL alone is only a signal",
	  { .wait_status = KILLED(9) },
	  RUN_SIGNALED,
	  -1,
	  9,
	  { 0 } },
	{ "killed for time",
	  { .wait_status = KILLED(9), LATCHED(REASON_TIME) },
	  RUN_TIME_LIMIT,
	  -1,
	  9,
	  { REASON_TIME } },
	{ "exited by itself as the time ran out",
	  { .wait_status = EXITED(0), LATCHED(REASON_TIME) },
	  RUN_OK,
	  0,
	  0,
	  { REASON_TIME } },
	{ "killed for cpu time",
	  { .wait_status = KILLED(9), LATCHED(REASON_CPU) },
	  RUN_CPU_LIMIT,
	  -1,
	  9,
	  { REASON_CPU } },
	{ "RLIMIT_CPU, and the group's clock agrees",
	  { .wait_status = KILLED(24),
	    .cpu_ns = 1000 * MS,
	    .cpu_limit_ns = 1000 * MS },
	  RUN_CPU_LIMIT,
	  -1,
	  24,
	  { REASON_CPU } },
	{ "SIGXCPU that somebody sent",
	  { .wait_status = KILLED(24),
	    .cpu_ns = 10 * MS,
	    .cpu_limit_ns = 1000 * MS },
	  RUN_SIGNALED,
	  -1,
	  24,
	  { 0 } },
	{ "SIGXCPU and no clock",
	  { .wait_status = KILLED(24), .cpu_ns = -1, .cpu_limit_ns = MS },
	  RUN_SIGNALED,
	  -1,
	  24,
	  { 0 } },
	{ "memory: killed, counted, at the limit",
	  { .wait_status = KILLED(9),
	    .oom_kill = true,
	    .memory_at_limit = true },
	  RUN_MEMORY_LIMIT,
	  -1,
	  9,
	  { REASON_MEMORY } },
	{ "memory: a child was taken, the shell reports it",
	  { .wait_status = EXITED(137),
	    .oom_kill = true,
	    .memory_at_limit = true },
	  RUN_MEMORY_LIMIT,
	  137,
	  0,
	  { REASON_MEMORY } },
	{ "memory: a child was taken, the program coped",
	  { .wait_status = EXITED(0),
	    .oom_kill = true,
	    .memory_at_limit = true },
	  RUN_OK,
	  0,
	  0,
	  { REASON_MEMORY } },
	{ "at the limit but nobody was killed",
	  { .wait_status = KILLED(9), .memory_at_limit = true },
	  RUN_SIGNALED,
	  -1,
	  9,
	  { 0 } },
	{ "killed by an ancestor's shortage",
	  { .wait_status = KILLED(9), .oom_kill = true },
	  RUN_SANDBOX_ERROR,
	  -1,
	  9,
	  { REASON_BROKEN } },
	{ "a latched memory reason without counters is not believed",
	  { .wait_status = KILLED(9), LATCHED(REASON_MEMORY) },
	  RUN_SIGNALED,
	  -1,
	  9,
	  { 0 } },
	{ "time first, memory too",
	  { .wait_status = KILLED(9),
	    LATCHED(REASON_TIME),
	    .oom_kill = true,
	    .memory_at_limit = true },
	  RUN_TIME_LIMIT,
	  -1,
	  9,
	  { REASON_TIME, REASON_MEMORY } },
	{ "too much output, kept going",
	  { .wait_status = EXITED(0), .output_over = true },
	  RUN_OK,
	  0,
	  0,
	  { REASON_OUTPUT } },
	{ "too much output and failed",
	  { .wait_status = EXITED(2), .output_over = true },
	  RUN_FAILED,
	  2,
	  0,
	  { REASON_OUTPUT } },
	{ "too much output and crashed",
	  { .wait_status = KILLED(9), .output_over = true },
	  RUN_SIGNALED,
	  -1,
	  9,
	  { REASON_OUTPUT } },
	{ "killed for its output",
	  { .wait_status = KILLED(9),
	    LATCHED(REASON_OUTPUT),
	    .output_over = true },
	  RUN_OUTPUT_LIMIT,
	  -1,
	  9,
	  { REASON_OUTPUT } },
	{ "output, then time",
	  { .wait_status = KILLED(9),
	    LATCHED(REASON_TIME),
	    .output_over = true },
	  RUN_TIME_LIMIT,
	  -1,
	  9,
	  { REASON_TIME, REASON_OUTPUT } },
	{ "a refused fork ends nothing",
	  { .wait_status = EXITED(0), LATCHED(REASON_PROCESSES) },
	  RUN_OK,
	  0,
	  0,
	  { REASON_PROCESSES } },
	{ "refused forks until the time was up",
	  { .wait_status = KILLED(9), LATCHED(REASON_PROCESSES, REASON_TIME) },
	  RUN_TIME_LIMIT,
	  -1,
	  9,
	  { REASON_PROCESSES, REASON_TIME } },
	{ "cancelled",
	  { .wait_status = KILLED(9), LATCHED(REASON_CANCELLED) },
	  RUN_CANCELLED,
	  -1,
	  9,
	  { REASON_CANCELLED } },
	{ "cancelled as it ended",
	  { .wait_status = EXITED(0), LATCHED(REASON_CANCELLED) },
	  RUN_CANCELLED,
	  0,
	  0,
	  { REASON_CANCELLED } },
	{ "Coop failed",
	  { .broken = true, .why = "the broker died" },
	  RUN_SANDBOX_ERROR,
	  -1,
	  0,
	  { REASON_BROKEN } },
	{ "Coop failed while it was being cancelled",
	  { .broken = true, LATCHED(REASON_CANCELLED) },
	  RUN_CANCELLED,
	  -1,
	  0,
	  { REASON_CANCELLED, REASON_BROKEN } },
	{ "a wait status that is no end",
	  { .wait_status = 0x137f },
	  RUN_SANDBOX_ERROR,
	  -1,
	  0,
	  { REASON_BROKEN } },
	{ "the same reason twice is one",
	  { .wait_status = KILLED(9), LATCHED(REASON_TIME, REASON_TIME) },
	  RUN_TIME_LIMIT,
	  -1,
	  9,
	  { REASON_TIME } },
};

static bool same_reasons(const struct verdict *v, const struct row *row)
{
	unsigned n = 0;

	while (n < REASONS_MAX && row->reasons[n])
		n++;
	return n == v->reason_count &&
	       !memcmp(v->reasons, row->reasons, n * sizeof(enum reason));
}

static void each_row(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct verdict v = verdict_of(&row->facts);
		bool ok = CHECK_STR(run_status_name(v.status),
				    run_status_name(row->status));

		ok &= CHECK_INT(v.exit_code, row->exit_code);
		ok &= CHECK_INT(v.signal, row->signal);
		ok &= CHECK(same_reasons(&v, row));
		if (!ok)
			tap_note("in the row: %s", row->what);
	}
}

static void failures_say_why(void)
{
	struct facts broken = { .broken = true, .why = "the broker died" };
	struct facts shortage = { .wait_status = KILLED(9), .oom_kill = true };
	struct facts left = { .wait_status = EXITED(0), .leftover = true };

	CHECK_STR(verdict_of(&broken).message, "the broker died");
	CHECK(strstr(verdict_of(&shortage).message, "machine") != NULL);
	CHECK_INT(verdict_of(&left).status, RUN_OK);
	CHECK(strstr(verdict_of(&left).message, "set aside") != NULL);
}

/* Whatever the facts, the answer is one of the words, with sane numbers. */
static void no_facts_break_it(void)
{
	for (unsigned bits = 0; bits < 1u << 12; bits++) {
		struct facts f = {
			.wait_status = (int)(bits * 2654435761u >> 8 & 0xffff),
			.broken = bits & 1,
			.oom_kill = bits & 2,
			.memory_at_limit = bits & 4,
			.output_over = bits & 8,
			.leftover = bits & 16,
			.cpu_ns = bits & 32 ? -1 : 100,
			.cpu_limit_ns = bits & 64 ? 50 : 0,
			.reason_count = bits >> 7 & 7,
		};
		struct verdict v;

		for (unsigned i = 0; i < f.reason_count; i++)
			f.reasons[i] = (enum reason)(1 + (bits >> i) % 7);
		v = verdict_of(&f);
		CHECK(strcmp(run_status_name(v.status), "unknown") != 0);
		CHECK(v.reason_count <= REASONS_MAX);
		CHECK(v.exit_code == -1 || v.signal == 0);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(each_row),
		TEST(failures_say_why),
		TEST(no_facts_break_it),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
