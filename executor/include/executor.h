/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * <coop/executor.h>: running untrusted programs in jails.
 *
 * A struct coop is one connection to one broker process, which it starts at
 * first use (posix_spawn of libexec/coop/broker, never fork) and which ends
 * with it. It belongs to one thread. Functions that start something return at
 * once; callbacks come from coop_step() (or coop_wait()) on the caller's
 * thread, never from inside the function that started the work. Option structs
 * begin with their size, so that later versions can grow them. The library
 * touches no signals, prints nothing and never exits.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct coop;
struct coop_box;
struct coop_run;

/* An error: a name of seams.md's table ("invalid_value"), the field it is
 * about (may be empty), one sentence, what to try (may be empty). */
struct coop_err {
	int code;
	char name[32];
	char field[96];
	char text[512];
	char remedy[256];
};

struct coop_options {
	size_t size;         /* sizeof(struct coop_options) */
	const char *libexec; /* folder of the broker; NULL: beside this program,
				 COOP_LIBEXEC, or where it was installed */
	const char *share;   /* profiles, languages, filters; NULL: COOP_SHARE,
				 ../share/coop beside the program */
};

/* Limits asked for; 0 = the profile's default. Above the ceiling is an error. */
struct coop_limits {
	uint64_t time_ms, cpu_time_ms, memory_bytes, processes, output_bytes;
	uint64_t disk_bytes, files, open_files, stack_bytes, cpu_milli;
};

/* A file to put into /workspace before a program starts: from memory (data,
 * len), or from a host file or folder (source), copied, links refused. */
struct coop_file {
	const char *path; /* relative to /workspace, no ".."; a folder's may
				be ".": what is in it goes into /workspace */
	const char *data; /* NULL: take `source` */
	size_t len;
	const char *source; /* host path */
	unsigned mode;      /* 0: 0644 */
	bool skip_others;   /* links and special files in the folder `source`
				are left out instead of refused */
};

/* What a box is. Pointers are borrowed for the call only. */
struct coop_box_options {
	size_t size;         /* sizeof(struct coop_box_options) */
	const char *profile; /* NULL: "default" */
	const char *backend; /* NULL: "jail" */
	struct coop_limits limits;
	int tier;            /* weakest acceptable; 0: 2 */
	const char *network; /* NULL: what the profile says; "none"; "allow"
				    refuses a profile that allows no hosts */
};

/* One program in a box. Exactly one of `argv`, or `language` with `code`. */
struct coop_exec_options {
	size_t size;             /* sizeof(struct coop_exec_options) */
	const char *const *argv; /* NULL-ended: a command */
	const char *language;    /* "python", "go", …: a name or alias that
				    `coop languages` lists */
	const char *code;        /* its text */
	size_t code_len;         /* 0: strlen */
	const char *filename;    /* of the code in /workspace; NULL: language's;
				    java's public class has the last word */
	const char *const
		*args; /* NULL-ended arguments of the code; may be NULL */
	const char *const *env; /* NULL-ended "K=V"; may be NULL */
	const char *stdin_data; /* text for standard input; NULL: empty */
	size_t stdin_len;
	int stdin_fd; /* with stdin_pipe: copied through a pipe */
	bool stdin_pipe;
	bool merge_output; /* standard error goes into standard output's
				    pipe, so that their order is kept; stderr_*
				    of the result are empty then */
	const struct coop_file *files; /* put before it starts */
	size_t file_count;
	uint64_t time_ms; /* wall limit of this program; 0: the box's */
};

struct coop_result_file {
	const char *path;
	uint64_t size;
};

/* The report. Valid during the callback that gives it, or until
 * coop_run_free() when taken by coop_run_result(). -1: not known. */
struct coop_result {
	const char *id;
	const char *status; /* ok failed signaled time_limit cpu_limit
				    memory_limit output_limit compile_failed
				    cancelled sandbox_error */
	int exit_code;      /* -1: none */
	int signal;         /* 0: none */
	const char *stdout_data, *stderr_data;
	size_t stdout_len, stderr_len;
	bool stdout_truncated, stderr_truncated;
	double wall_ms, cpu_ms;
	int64_t memory_peak_bytes, processes_peak;
	const struct coop_result_file *files; /* created or changed */
	size_t file_count;
	const char *compile_output; /* what a failed compile step said; or NULL */
	const char *explanation;    /* one line: which limits fired, or why Coop
				    failed; NULL when there is nothing to say */
	int tier;
	int exit_status;  /* that `coop run` ends with */
	const char *json; /* the whole object of `coop run --json` */
};

/* Callbacks of one program; any may be NULL. */
struct coop_events {
	void *arg;
	/* Output as it comes; stream is 1 or 2; stops at the output limit. */
	void (*output)(void *arg, int stream, const char *data, size_t len);
	/* A created or changed file; fd reads it, belongs to the callee. */
	void (*file)(void *arg, const char *path, uint64_t size, int fd);
	/* Last, exactly once. r is NULL when Coop failed before the program's
	 * first instruction; then e says why. */
	void (*ended)(void *arg, const struct coop_result *r,
		      const struct coop_err *e);
};

/* A runtime; nothing is started yet. NULL options are fine. 0 or negative. */
int coop_open(struct coop **out, const struct coop_options *o,
	      struct coop_err *err);

/* Ends every box and the broker. NULL is fine. */
void coop_close(struct coop *c);

/* A descriptor to poll for reading in the caller's loop; owned by `c`. */
int coop_fd(const struct coop *c);

/* Runs what is ready, waiting at most timeout_ms (-1: for ever, 0: not). */
int coop_step(struct coop *c, int timeout_ms, struct coop_err *err);

/* Steps until *flag is true. For programs without a loop. */
int coop_wait(struct coop *c, const bool *flag, struct coop_err *err);

/* A box, made in the background; a failure is told to its first program.
 * Checks names and limits at once. Ends with coop_box_close(). */
int coop_box_open(struct coop_box **out, struct coop *c,
		  const struct coop_box_options *o, struct coop_err *err);

/* The limits of the box as they are enforced, defaults filled in; known as soon
 * as coop_box_open() has returned. */
void coop_box_limits(const struct coop_box *b, struct coop_limits *out);

/* Ends the box and all in it; a running program ends as cancelled, its `ended`
 * comes before this returns. From inside an `output` or `file` callback it
 * happens on the next step instead. NULL is fine. */
void coop_box_close(struct coop_box *b);

/*
 * Runs a program in a box; one at a time, more are -ERR conflict. For compiled
 * languages the compile step runs in a box of its own. *out may be NULL; else
 * it is valid until `ended` has returned.
 */
int coop_box_exec(struct coop_run **out, struct coop_box *b,
		  const struct coop_exec_options *o,
		  const struct coop_events *ev, struct coop_err *err);

/* Ends it; `ended` comes with status cancelled. Safe until `ended`. */
void coop_run_cancel(struct coop_run *r);

/* coop_box_open, coop_box_exec, coop_box_close in one. */
int coop_run_start(struct coop_run **out, struct coop *c,
		   const struct coop_box_options *b,
		   const struct coop_exec_options *o,
		   const struct coop_events *ev, struct coop_err *err);

/* The plan that would be carried out, as text of `coop plan`; caller frees by
 * coop_free(). NULL with *err. */
char *coop_plan(struct coop *c, const struct coop_box_options *b,
		const struct coop_exec_options *o, struct coop_err *err);

/* Frees what this library has given away; NULL is fine. */
void coop_free(void *p);

/* "0.1.0"; constant. */
const char *coop_version(void);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop
