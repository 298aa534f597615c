/* SPDX-License-Identifier: Apache-2.0 */
/* A stage, and then one file of its box, or all below one folder. */
#include "executor/run/compile.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/profile.h"
#include "executor/run/run_box.h"
#include "executor/run/collect.h"
#include "executor/run/environ.h"
#include "executor/run/report.h"
#include "executor/run/request.h"
#include "executor/run/stage.h"

#include <fcntl.h>
#include <string.h>

/* Each is an open descriptor of ours. */
#define MADE_MAX 512

struct compile {
	const struct request *req;
	struct run_box *box;
	struct stage *stage;
	struct collect *collect;
	char **env;
	struct result result;
	struct result files; /* of the box; nobody's report */
	compile_done_fn *done;
	void *arg;
	struct loop_timer *kick;
	struct put_list made;
	struct err err;
};

/* Tells from the loop: the box's own callback must return first. */
static void tell(void *arg)
{
	struct compile *c = arg;

	c->kick = NULL;
	c->done(c->arg, &c->result, &c->made, c->err.code ? &c->err : NULL);
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

static void add_made(struct compile *c, const char *path, unsigned mode, int fd)
{
	struct put_item *item = put_list_add(&c->made, path);

	item->mode = mode;
	item->fd = fd;
}

/* A compiler that is content and makes nothing had nothing to compile. */
static void nothing_made(struct compile *c)
{
	struct result *r = &c->result;
	char *said = mem_printf("%.*scoop: there is no program in it: the "
				"compiler made no %s\n",
				(int)r->stderr_len,
				r->stderr_data ? r->stderr_data : "",
				c->req->language.output);

	mem_free(r->stderr_data);
	r->stderr_data = said;
	r->stderr_len = strlen(said);
	r->status = RUN_COMPILE_FAILED;
	finish(c, NULL);
}

static void on_program(void *arg, int fd, const struct err *err)
{
	struct compile *c = arg;

	if (err) {
		if (err->code == ERR_NOT_FOUND)
			nothing_made(c);
		else
			finish(c, err);
		return;
	}
	add_made(c, c->req->language.output, 0755, fd);
	finish(c, NULL);
}

/* One more than can be kept is kept, too, to be seen. */
static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct compile *c = arg;

	if (str_starts(path, c->req->language.output) &&
	    c->made.count <= MADE_MAX)
		add_made(c, path, 0644, fd);
	else
		fd_close(&fd);
}

static void on_files(void *arg, const struct err *err)
{
	struct compile *c = arg;
	struct err why = { 0 };

	if (err) {
		finish(c, err);
	} else if (!c->made.count) {
		nothing_made(c);
	} else if (c->made.count > MADE_MAX || c->files.files_incomplete) {
		err_set(&why, ERR_TOO_LARGE,
			"the compiler has made more than %d files", MADE_MAX);
		finish(c, &why);
	} else {
		finish(c, NULL);
	}
}

static int fetch(struct compile *c, struct err *err)
{
	const char *output = c->req->language.output;
	struct backend_file program = { .path = output, .flags = O_RDONLY };
	struct collect_events ev = { c, on_file, on_files };

	if (str_ends(output, "/"))
		return collect_start(&c->collect, c->box, &c->files, &ev, err);
	return run_box_open(c->box, &program, on_program, c, err);
}

static void on_ended(void *arg, struct run_program_report *report,
		     const struct err *err)
{
	struct compile *c = arg;
	struct err why = { 0 };

	if (err) {
		finish(c, err);
		return;
	}
	report_place(&c->result, c->box);
	report_program(&c->result, report);
	if (c->result.status != RUN_OK)
		finish(c, NULL);
	else if (fetch(c, &why) < 0)
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

	c->env = environ_make(o->profile, c->req->language.compile_env, NULL);
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
	result_init(&c->result);
	result_init(&c->files);
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
	if (c->collect)
		collect_cancel(c->collect);
	else if (!c->kick)
		stage_cancel(c->stage);
}

void compile_made_finish(struct put_list *made)
{
	for (size_t i = 0; i < made->count; i++)
		fd_close(&made->items[i].fd);
	put_list_finish(made);
}

void compile_destroy(struct compile *c)
{
	if (!c)
		return;
	loop_timer_cancel(c->kick);
	stage_destroy(c->stage);
	collect_destroy(c->collect);
	run_box_destroy(c->box);
	environ_free(c->env);
	result_finish(&c->result);
	result_finish(&c->files);
	compile_made_finish(&c->made);
	mem_free(c);
}
