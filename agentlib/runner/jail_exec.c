/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door calls back from the loop; the fiber waits. A job lives on the
 * fiber's stack: that is sound because jail_exec() never returns before the
 * door's last callback, if need be by closing the box.
 */
#include "agentlib/runner/jail_exec.h"

#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "agentlib/runner/block.h"
#include "agentlib/runner/host_write.h"
#include "agentlib/runner/jail_files.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CANCEL_MS 5000
#define OUTPUT_MAX (64u * 1024 * 1024)

struct jail_job {
	struct wait wait;
	bool ended;
	bool ran;         /* so its files were put */
	struct err error; /* Coop failed; code 0: no */
	const struct coop_limits *limits;
	struct jail_outcome *out;
	struct buf pending; /* output that was not passed on yet */
	struct jail_files files;
	struct coop_run *run;
};

/* What a status means to an agent. exit_code -1: the program's own. */
struct ending {
	const char *status;
	int exit_code;
	const char *sentence;
};

static const struct ending endings[] = {
	{ "ok", -1, NULL },
	{ "failed", -1, NULL },
	{ "signaled", -1, NULL },
	{ "time_limit", 124, "\nTimeout" },
	{ "cpu_limit", 124, "\nTimeout" },
	{ "output_limit", 124,
	  "\nThe program was ended because it wrote more than its limit." },
	{ "memory_limit", 137,
	  "\nThe program was ended because it needed more memory than its limit of " },
	{ "compile_failed", 126, NULL },
};

int jail_error(const struct coop_err *e, struct err *err)
{
	enum err_code code = ERR_INTERNAL;

	for (int c = ERR_INVALID; c <= ERR_REENTRANT; c++) {
		if (str_equal(err_name((enum err_code)c), e->name)) {
			code = (enum err_code)c;
			break;
		}
	}
	if (*e->field)
		err_set(err, code, "%s: %s", e->field, e->text);
	else
		err_set(err, code, "%s", e->text);
	if (*e->remedy)
		err_try(err, "%s", e->remedy);
	return err_field(err, JAIL_FIELD);
}

void jail_outcome_init(struct jail_outcome *o)
{
	*o = (struct jail_outcome){ .status = "ok" };
	buf_init(&o->output, OUTPUT_MAX);
}

void jail_outcome_finish(struct jail_outcome *o)
{
	for (size_t i = 0; i < o->file_count; i++)
		mem_free(o->files[i].path);
	mem_free(o->files);
	buf_finish(&o->output);
	*o = (struct jail_outcome){ 0 };
}

static void add_file(struct jail_outcome *o, const char *path, uint64_t size)
{
	o->files = mem_resize(o->files, o->file_count + 1, sizeof(*o->files));
	o->files[o->file_count++] =
		(struct code_file){ .path = mem_strdup(path), .size = size };
}

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct jail_job *job = arg;

	(void)stream;
	buf_add(&job->pending, data, len);
	wait_wake(&job->wait);
}

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct jail_job *job = arg;

	(void)size;
	jail_files_add(&job->files, path, fd);
}

static void add_output(struct jail_job *job, const struct coop_result *r)
{
	struct buf *out = &job->out->output;

	if (r->compile_output)
		str_utf8_add(out, r->compile_output, strlen(r->compile_output));
	str_utf8_add(out, r->stdout_data, r->stdout_len);
	str_utf8_add(out, r->stderr_data, r->stderr_len);
}

/* What is said after the output, and the exit code. */
static void add_ending(struct jail_job *job, const struct coop_result *r,
		       const struct ending *e)
{
	struct buf *out = &job->out->output;
	char size[32];

	job->out->status = e->status;
	job->out->exit_code = e->exit_code >= 0 ? e->exit_code : r->exit_code;
	if (e->sentence)
		buf_puts(out, e->sentence);
	if (e->exit_code == 137)
		buf_printf(out, "%s.",
			   str_format_size(job->limits->memory_bytes, size,
					   sizeof(size)));
	if (e->exit_code < 0 && r->signal) {
		job->out->exit_code = 128 + r->signal;
		buf_printf(out, "\nThe program was ended by signal %d.",
			   r->signal);
	}
}

static void on_result(struct jail_job *job, const struct coop_result *r)
{
	add_output(job, r);
	for (size_t i = 0; i < r->file_count; i++)
		add_file(job->out, r->files[i].path, r->files[i].size);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		if (str_equal(endings[i].status, r->status)) {
			add_ending(job, r, &endings[i]);
			return;
		}
	}
	if (str_equal(r->status, "cancelled"))
		err_set(&job->error, ERR_CANCELLED, "the box was closed");
	else
		err_set(&job->error, ERR_INTERNAL, "%s",
			r->explanation ? r->explanation : r->status);
	err_field(&job->error, JAIL_FIELD);
}

static void on_ended(void *arg, const struct coop_result *r,
		     const struct coop_err *e)
{
	struct jail_job *job = arg;

	if (r)
		on_result(job, r);
	else
		jail_error(e, &job->error);
	job->run = NULL;
	job->ran = r != NULL;
	job->ended = true;
	wait_wake(&job->wait);
}

void jail_exec_broken(struct jail_box *b, const struct coop_err *e)
{
	if (!b->job || b->job->ended || b->job->error.code)
		return;
	jail_error(e, &b->job->error);
	wait_wake(&b->job->wait);
}

/* Gives the caller what came so far, in whole UTF-8 sequences. */
static int pass_output(struct jail_job *job, const struct code_run *run,
		       struct err *err)
{
	size_t len = job->pending.len;
	struct buf text;
	int rc = 0;

	if (!job->ended)
		len = str_utf8_cut(job->pending.data, len);
	if (run->output && len > 0) {
		buf_init(&text, 3 * len);
		str_utf8_add(&text, job->pending.data, len);
		buf_consume(&job->pending, len);
		rc = run->output(run->arg, text.data, text.len, err);
		buf_finish(&text);
	} else {
		buf_consume(&job->pending, len);
	}
	return rc;
}

/* Ends the program and waits for that, whatever was cancelled above. */
static void kill_and_wait(struct jail_box *b, struct jail_job *job)
{
	struct scope *shield = scope_shield(b->engine, CANCEL_MS);

	if (job->run && !job->error.code)
		coop_run_cancel(job->run);
	fiber_enter(shield);
	while (!job->ended && !job->error.code &&
	       fiber_wait(&job->wait, DEADLINE_NEVER, NULL) == 0)
		;
	fiber_leave(shield);
	scope_unref(shield);
	if (!job->ended) {
		/* The door promises the last callback before this returns. */
		coop_box_close(b->box);
		b->box = NULL;
	}
}

static int start_job(struct jail_box *b, const struct block_program *p,
		     struct jail_job *job, struct err *err)
{
	struct coop_exec_options o = {
		.size = sizeof(o),
		.language = p->language,
		.code = p->code,
		.filename = p->filename,
		.merge_output = true,
		.files = b->files,
		.file_count = b->file_count,
		.time_ms = b->time_ms,
	};
	struct coop_events ev = {
		.arg = job,
		.output = on_output,
		.file = b->dest ? on_file : NULL,
		.ended = on_ended,
	};
	struct coop_err e = { 0 };

	if (!b->box)
		return err_set(err, ERR_CONFLICT,
			       "the box was lost; restart the executor");
	o.code_len = strlen(p->code);
	if (coop_box_exec(&job->run, b->box, &o, &ev, &e) < 0)
		return jail_error(&e, err);
	return 0;
}

static int wait_job(struct jail_job *job, const struct code_run *run,
		    struct err *err)
{
	while (!job->ended && !job->error.code) {
		int rc = fiber_wait(&job->wait, DEADLINE_NEVER, err);

		if (rc == 0)
			rc = pass_output(job, run, err);
		if (rc < 0)
			return rc;
	}
	return pass_output(job, run, err);
}

/* Of files that are larger together than the disk (they have holes) the box
 * gives only the first ones. */
static void say_left_out(const struct jail_box *b, struct jail_job *job)
{
	const struct jail_outcome *o = job->out;
	uint64_t bytes = 0;

	for (size_t i = 0; i < o->file_count; i++)
		bytes += o->files[i].size;
	if (b->dest && bytes > b->limits.disk_bytes && !job->files.fault_count)
		buf_puts(&job->files.faults,
			 "[coop: not copied: the files of this block exceed "
			 "the disk limit]\n");
}

/* Files to the host; a block's own named file is one of those it made. */
static int bring_home(struct jail_box *b, const struct block_program *p,
		      struct jail_job *job, struct err *err)
{
	struct jail_outcome *o = job->out;
	size_t len = strlen(p->code), i = 0;
	struct err why = { 0 };

	if (jail_files_copy(&job->files, &why) < 0) {
		if (err)
			*err = why;
		return -(int)why.code;
	}
	say_left_out(b, job);
	while (i < o->file_count && !str_equal(o->files[i].path, p->filename))
		i++;
	if (p->named && i == o->file_count) {
		if (b->dest && host_write_data(b->dest, p->filename, p->code,
					       len, &why) < 0)
			buf_printf(&job->files.faults,
				   "[coop: not copied: %s]\n", why.text);
		add_file(o, p->filename, len);
	}
	if (job->files.faults.len > 0)
		buf_printf(&o->output, "\n%s", job->files.faults.data);
	return 0;
}

int jail_exec(struct jail_box *b, const struct block_program *p,
	      const struct code_run *run, struct jail_outcome *out,
	      struct err *err)
{
	struct jail_job job = { .out = out, .limits = &b->limits };
	int rc = fiber_check(err);

	if (rc < 0)
		return rc;
	if (b->job)
		return err_set(err, ERR_CONFLICT,
			       "the executor is running another block");
	wait_init(&job.wait, "program in the jail");
	buf_init(&job.pending, OUTPUT_MAX);
	jail_files_init(&job.files, b->dest, b->limits.disk_bytes);
	b->job = &job;
	rc = start_job(b, p, &job, err);
	if (rc == 0) {
		rc = wait_job(&job, run, err);
		if (!job.ended)
			kill_and_wait(b, &job);
		if (job.ran)
			b->file_count = 0;
		if (rc == 0 && job.error.code) {
			if (err)
				*err = job.error;
			rc = -(int)job.error.code;
		}
		if (rc == 0)
			rc = bring_home(b, p, &job, err);
	}
	b->job = NULL;
	jail_files_finish(&job.files);
	buf_finish(&job.pending);
	return rc;
}
