/* SPDX-License-Identifier: Apache-2.0 */
/* A stage, and then one file of its box. */
#include "executor/run/compile.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/profile.h"
#include "executor/run/run_box.h"
#include "executor/run/environ.h"
#include "executor/run/report.h"
#include "executor/run/request.h"
#include "executor/run/stage.h"

#include <fcntl.h>

struct compile {
	const struct request *req;
	struct run_box *box;
	struct stage *stage;
	char **env;
	struct result result;
	compile_done_fn *done;
	void *arg;
	struct loop_timer *kick;
	int fd;
	struct err err;
};

/* Tells from the loop: the box's own callback must return first. */
static void tell(void *arg)
{
	struct compile *c = arg;

	c->kick = NULL;
	c->done(c->arg, &c->result, fd_take(&c->fd),
		c->err.code ? &c->err : NULL);
}

static void finish(struct compile *c, const struct err *err)
{
	if (c->kick)
		return;
	if (err)
		c->err = *err;
	c->kick = loop_at(run_box_loop(c->box), (struct deadline){ 0 }, tell,
			  c);
}

static void on_program(void *arg, int fd, const struct err *err)
{
	struct compile *c = arg;
	struct err why = { 0 };

	c->fd = fd;
	if (!err) {
		finish(c, NULL);
		return;
	}
	err_set(&why, ERR_INTERNAL, "the compiler has made no file \"%s\": %s",
		c->req->language.output, err->text);
	finish(c, &why);
}

static void on_ended(void *arg, struct run_program_report *report,
		     const struct err *err)
{
	struct compile *c = arg;
	struct backend_file program = {
		.path = c->req->language.output,
		.flags = O_RDONLY,
	};
	struct err why = { 0 };

	if (err) {
		finish(c, err);
		return;
	}
	report_place(&c->result, c->box);
	report_program(&c->result, report);
	if (c->result.status != RUN_OK)
		finish(c, NULL);
	else if (run_box_open(c->box, &program, on_program, c, &why) < 0)
		finish(c, &why);
}

static void on_lost(void *arg, const struct err *err)
{
	finish(arg, err);
}

/* What the language asks for, as far as the profile's ceilings allow. */
static int find_limits(struct limits *out, const struct language *lang,
		       const struct profile *p, struct err *err)
{
	*out = (struct limits){ 0 };
	limits_prefer(out, &lang->compile_limits, &p->limits);
	return limits_resolve(out, &p->limits, err);
}

static int start(struct compile *c, struct err *err)
{
	const struct run_box_options *o = run_box_options(c->box);
	struct stage_events ev = {
		.arg = c,
		.ended = on_ended,
		.lost = on_lost,
	};
	struct stage_spec spec = {
		.lists = { &c->req->sources, &c->req->files },
		.program = {
			.argv = (const char *const *)c->req->compile_argv,
			.input.fd = -1,
			.output_bytes = o->limits.output_bytes,
		},
	};

	c->env = environ_make(o->profile, NULL, NULL);
	spec.program.env = (const char *const *)c->env;
	return stage_start(&c->stage, c->box, &spec, &ev, err);
}

int compile_start(struct compile **out, const struct run_box *beside,
		  const struct request *req, compile_done_fn *done, void *arg,
		  struct err *err)
{
	struct run_box_options o = *run_box_options(beside);
	struct compile *c = mem_new(struct compile);
	int rc = find_limits(&o.limits, &req->language, o.profile, err);

	c->req = req;
	c->done = done;
	c->arg = arg;
	c->fd = -1;
	result_init(&c->result);
	str_random_id(c->result.id);
	str_copy(c->result.language, sizeof(c->result.language),
		 req->language.name);
	if (rc >= 0)
		rc = run_box_create(&c->box, &o, err);
	if (rc >= 0)
		rc = start(c, err);
	if (rc < 0) {
		compile_destroy(c);
		return rc;
	}
	*out = c;
	return 0;
}

void compile_cancel(struct compile *c)
{
	if (!c->kick)
		stage_cancel(c->stage);
}

void compile_destroy(struct compile *c)
{
	if (!c)
		return;
	loop_timer_cancel(c->kick);
	stage_destroy(c->stage);
	run_box_destroy(c->box);
	environ_free(c->env);
	result_finish(&c->result);
	fd_close(&c->fd);
	mem_free(c);
}
