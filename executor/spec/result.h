/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What became of a run: one plain value that the verdict makes and every
 * surface shows. Formatting stands in result_json.c; deciding in run/verdict.c.
 */
#include "executor/base/err.h"
#include "executor/spec/limits.h"
#include <stdbool.h>
#include <stdint.h>

struct buf;

/* X(enum, wire name, exit status of the command line or -1 = the program's) */
#define RUN_STATUS_TABLE(X)                                                    \
	X(RUN_OK, "ok", -1)                                                    \
	X(RUN_FAILED, "failed", -1)                                            \
	X(RUN_SIGNALED, "signaled", -1)                                        \
	X(RUN_TIME_LIMIT, "time_limit", 124)                                   \
	X(RUN_CPU_LIMIT, "cpu_limit", 124)                                     \
	X(RUN_MEMORY_LIMIT, "memory_limit", 137)                               \
	X(RUN_OUTPUT_LIMIT, "output_limit", 124)                               \
	X(RUN_COMPILE_FAILED, "compile_failed", 126)                           \
	X(RUN_CANCELLED, "cancelled", 130)                                     \
	X(RUN_SANDBOX_ERROR, "sandbox_error", 125)

enum run_status {
#define RUN_STATUS_ENUM(sym, name, code) sym,
	RUN_STATUS_TABLE(RUN_STATUS_ENUM)
#undef RUN_STATUS_ENUM
};

/* Wire name ("time_limit"); "unknown" for a number that is none. */
const char *run_status_name(enum run_status s);

/* Limits that fired, as bits and in order of firing (see struct result). */
enum reason {
	REASON_TIME = 1,  /* "time_limit" */
	REASON_CPU,       /* "cpu_limit" */
	REASON_MEMORY,    /* "memory_limit" */
	REASON_OUTPUT,    /* "output_limit" */
	REASON_PROCESSES, /* "processes_limit": a fork was refused */
	REASON_CANCELLED, /* "cancelled" */
	REASON_BROKEN     /* "sandbox_error": Coop's own failure */
};
#define REASONS_MAX 7
const char *reason_name(enum reason r);

/* Walls a machine may be unable to give. X(bit name, wire name, why) */
#define WALL_TABLE(X)                                                          \
	X(WALL_CGROUP_MEMORY, "cgroup.memory", "memory of the whole tree")     \
	X(WALL_CGROUP_PIDS, "cgroup.pids", "number of processes")              \
	X(WALL_CGROUP_CPU, "cgroup.cpu", "cpu rate")                           \
	X(WALL_CGROUP_CPUACCT, "cgroup.cpuacct", "cpu time of the whole tree") \
	X(WALL_CGROUP_FREEZER, "cgroup.freezer", "pausing")                    \
	X(WALL_SWAP, "swap", "memory limit that includes swap")                \
	X(WALL_OWN_UID, "own_uid", "a host uid for each box")                  \
	X(WALL_USERNS, "user_namespace", "no privilege outside of the box")    \
	X(WALL_LANDLOCK, "landlock", "second wall around files")               \
	X(WALL_NOTIFY, "user_notification", "name of a refused system call")   \
	X(WALL_OPENAT2, "openat2", "path walks beneath one folder")            \
	X(WALL_PROC, "proc", "a private /proc")                                \
	X(WALL_TIMENS, "time_namespace", "")
enum wall {
#define WALL_ENUM(sym, name, why) sym,
	WALL_TABLE(WALL_ENUM)
#undef WALL_ENUM
		WALL_COUNT
};
const char *wall_name(enum wall w);

struct result_file {
	char *path; /* relative to /workspace */
	uint64_t size;
	char *content; /* NULL unless collected into the result */
	uint64_t content_len;
};

/*
 * Strings are owned by the result (mem_*), result_finish() frees them.
 * Counters that a machine cannot give are -1 here and null in JSON.
 */
struct result {
	char id[24];
	enum run_status status;
	int exit_code; /* -1: none (signal) */
	int signal;    /* 0: none */
	char *stdout_data,
		*stderr_data; /* raw bytes, with the omission marker */
	size_t stdout_len, stderr_len;
	bool stdout_truncated, stderr_truncated;
	enum reason reasons[REASONS_MAX];
	unsigned reason_count;
	char denied_syscall[32];          /* "" : none known */
	double wall_ms, build_ms, cpu_ms; /* cpu -1: not known */
	int64_t memory_peak_bytes, processes_peak;
	struct result_file *files;
	size_t file_count;
	bool files_incomplete;  /* the listing was cut */
	struct result *compile; /* NULL: no compile step */
	char backend[16], profile[64], language[32];
	int tier;
	uint32_t missing;     /* bits 1 << enum wall */
	char start[12];       /* cold, lent, waiting */
	struct limits limits; /* as enforced */
	char message[256];    /* why, for sandbox_error; else "" */
};

/* An empty result: sandbox_error, no exit code, counters not known. */
void result_init(struct result *r);

/* Frees what it owns; NULL is fine. */
void result_finish(struct result *r); /* NULL is fine */

/* Appends the JSON object of design.md section 2. */
void result_format(const struct result *r, struct buf *out);

/* Exit status that `coop run` gives for it. */
int result_exit_status(const struct result *r);
