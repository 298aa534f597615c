/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps in their order, top to bottom: begin, compiled, ended, collected,
 * finish. Everything that decides stands elsewhere; see run.h.
 */
#include "executor/run/run.h"

#include "executor/base/clock.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/profile.h"
#include "executor/run/run_box.h"
#include "executor/run/collect.h"
#include "executor/run/compile.h"
#include "executor/run/environ.h"
#include "executor/run/report.h"
#include "executor/run/request.h"
#include "executor/run/stage.h"

struct run {
	struct run_box *box;
	struct request *req;
	struct run_events ev;
	char **env;
	struct put_list program; /* what the compile step made */
	struct compile *compile;
	struct stage *stage;
	struct collect *collect;
	struct result result;
	struct err err;
	struct loop_timer *kick;
	uint64_t asked_ns;
	bool cancelled, finished;
};

static void tell(void *arg)
{
	struct run *r = arg;

	r->kick = NULL;
	if (r->finished)
		return;
	r->finished = true;
	/* the box is free for the next program before anybody hears */
	stage_destroy(mem_take(r->stage));
	collect_destroy(mem_take(r->collect));
	r->ev.ended(r->ev.arg, r->err.code ? NULL : &r->result,
		    r->err.code ? &r->err : NULL);
}

/* The last step. A cancelled run has a result, however far it came. */
static void finish(struct run *r, const struct err *err)
{
	if (r->kick || r->finished)
		return;
	/* killed before its first instruction, a program fails to start */
	if (err && (err->code == ERR_CANCELLED || r->cancelled))
		report_cancelled(&r->result);
	else if (err)
		r->err = *err;
	report_place(&r->result, r->box);
	if (r->req->time_ms && r->req->time_ms < r->result.limits.time_ms)
		r->result.limits.time_ms = r->req->time_ms;
	r->kick = loop_at(run_box_loop(r->box), (struct deadline){ 0 }, tell,
			  r);
}

static void on_collected(void *arg, const struct err *err)
{
	finish(arg, NULL); /* a listing that failed is said in the result */
}

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct run *r = arg;

	r->ev.file(r->ev.arg, path, size, fd);
}

static void collect(struct run *r)
{
	struct collect_events ev = {
		.arg = r,
		.file = r->ev.file ? on_file : NULL,
		.done = on_collected,
	};
	struct err err = { 0 };

	if (collect_start(&r->collect, r->box, &r->result, &ev, &err) < 0) {
		r->result.files_incomplete = true;
		finish(r, NULL);
	}
}

/* An interpreter that is not there has a package to get it from. */
static void not_started(struct run *r, const struct err *err)
{
	const struct request *req = r->req;
	struct err why = *err;

	if (err->code == ERR_NOT_FOUND && str_equal(err->field, "command") &&
	    req->has_language && req->language.package)
		err_try(&why, "apt install %s", req->language.package);
	finish(r, &why);
}

static void on_ended(void *arg, struct run_program_report *report,
		     const struct err *err)
{
	struct run *r = arg;

	if (err) {
		not_started(r, err);
		return;
	}
	if (report->started_ns)
		r->result.build_ms =
			(double)(report->started_ns - r->asked_ns) / CLOCK_MS;
	report_program(&r->result, report);
	if (report->end && !report->facts.broken)
		collect(r);
	else
		finish(r, NULL);
}

/* The box died while files were collected: the program's end is known. */
static void on_lost(void *arg, const struct err *err)
{
	struct run *r = arg;

	r->result.files_incomplete = true;
	finish(r, NULL);
}

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct run *r = arg;

	if (r->ev.output)
		r->ev.output(r->ev.arg, stream, data, len);
}

static int start_program(struct run *r, struct err *err)
{
	const struct request *req = r->req;
	const struct run_box_options *o = run_box_options(r->box);
	struct stage_events ev = {
		.arg = r,
		.output = on_output,
		.ended = on_ended,
		.lost = on_lost,
	};
	struct stage_spec spec = {
		.lists = { req->compile_argv ? NULL : &req->sources,
			   &req->files, &r->program },
		.program = {
			.argv = (const char *const *)req->argv,
			.env = (const char *const *)r->env,
			.input = { req->input, req->input_len, req->input_fd },
			.output_bytes = o->limits.output_bytes,
			.time_ms = req->time_ms,
			.output_kills = o->profile->output_over_kill,
			.merge = req->merge_output,
		},
	};

	return stage_start(&r->stage, r->box, &spec, &ev, err);
}

/* Keeps the compile step's report; says whether there is a program. */
static bool keep_compiled(struct run *r, struct result *compiled,
			  struct put_list *made)
{
	r->result.compile = mem_new(struct result);
	*r->result.compile = *compiled;
	result_init(compiled);
	if (!made->count) {
		r->result.status = r->result.compile->status == RUN_CANCELLED
					   ? RUN_CANCELLED
					   : RUN_COMPILE_FAILED;
		return false;
	}
	r->program = *made;
	*made = (struct put_list){ 0 };
	return true;
}

static void on_compiled(void *arg, struct result *compiled,
			struct put_list *made, const struct err *err)
{
	struct run *r = arg;
	struct err why = { 0 };

	if (err) {
		not_started(r, err);
	} else if (keep_compiled(r, compiled, made)) {
		if (start_program(r, &why) < 0)
			finish(r, &why);
		else if (r->cancelled)
			stage_cancel(r->stage);
	} else {
		finish(r, NULL);
	}
	compile_destroy(mem_take(r->compile));
}

static int begin(struct run *r, struct err *err)
{
	const struct request *req = r->req;

	r->env = environ_make(run_box_options(r->box)->profile,
			      req->has_language ? req->language.env : NULL,
			      req->env);
	if (req->compile_argv)
		return compile_start(&r->compile, r->box, req, on_compiled, r,
				     err);
	return start_program(r, err);
}

int run_start(struct run **out, struct run_box *b, struct request *req,
	      const struct run_events *ev, struct err *err)
{
	struct run *r = mem_new(struct run);
	int rc;

	r->box = b;
	r->req = req;
	r->ev = *ev;
	r->asked_ns = clock_now_ns();
	result_init(&r->result);
	str_random_id(r->result.id);
	if (req->has_language)
		str_copy(r->result.language, sizeof(r->result.language),
			 req->language.name);
	rc = begin(r, err);
	if (rc < 0) {
		run_destroy(r);
		return rc;
	}
	*out = r;
	return 0;
}

void run_cancel(struct run *r)
{
	if (r->cancelled || r->finished)
		return;
	r->cancelled = true;
	if (r->compile)
		compile_cancel(r->compile);
	if (r->collect)
		collect_cancel(r->collect);
	else if (r->stage)
		stage_cancel(r->stage);
}

void run_abandon(struct run *r)
{
	struct err err = { 0 };

	if (r->finished)
		return;
	if (r->stage && !r->collect && !r->kick)
		stage_abandon(r->stage);
	if (!r->kick && !r->collect) {
		err_set(&err, ERR_CANCELLED, "cancelled");
		finish(r, &err);
	} else if (!r->kick) {
		r->result.files_incomplete = true;
		finish(r, NULL);
	}
	loop_timer_cancel(mem_take(r->kick));
	tell(r);
}

void run_destroy(struct run *r)
{
	if (!r)
		return;
	loop_timer_cancel(r->kick);
	compile_destroy(r->compile);
	stage_destroy(r->stage);
	collect_destroy(r->collect);
	request_destroy(r->req);
	environ_free(r->env);
	compile_made_finish(&r->program);
	result_finish(&r->result);
	mem_free(r);
}
