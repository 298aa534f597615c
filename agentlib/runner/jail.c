/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Life of the executor: connection, box, folders. The door's descriptor is
 * watched by the engine's loop, so its callbacks come from there and wake the
 * fiber that waits in jail_exec().
 */
#include "agentlib/runner/jail.h"

#include "agentlib/fiber/engine.h"
#include "agentlib/runner/block.h"
#include "agentlib/runner/host_read.h"
#include "agentlib/runner/host_write.h"
#include "agentlib/runner/jail_exec.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <sys/epoll.h>
#include <unistd.h>

#define RESULT_MAX (64u * 1024 * 1024)

struct jail {
	struct code_executor base;
	char *profile, *work_dir, *collect;
	char **files; /* NULL-ended */
	struct coop_limits limits;
	uint64_t time_ms;
	struct json *config;
	const char *const *keys;
	struct coop *coop;
	struct loop_fd *watch;
	struct host_write *dest;
	struct host_read inputs;
	struct jail_box box;
};

static void on_ready(void *arg, uint32_t events)
{
	struct jail *j = arg;
	struct coop_err e = { 0 };

	(void)events;
	if (coop_step(j->coop, 0, &e) >= 0)
		return;
	loop_watch_set(j->watch, 0);
	jail_exec_broken(&j->box, &e);
}

static int connect_broker(struct jail *j, struct err *err)
{
	struct coop_err e = { 0 };

	if (j->coop)
		return 0;
	if (coop_open(&j->coop, NULL, &e) < 0)
		return jail_error(&e, err);
	j->watch = loop_watch(engine_loop(j->base.engine), coop_fd(j->coop),
			      EPOLLIN, on_ready, j, err);
	if (j->watch)
		return 0;
	coop_close(j->coop);
	j->coop = NULL;
	return -ERR_SYSTEM;
}

static void disconnect(struct jail *j)
{
	coop_box_close(j->box.box);
	j->box.box = NULL;
	loop_unwatch(j->watch);
	j->watch = NULL;
	coop_close(j->coop);
	j->coop = NULL;
}

static struct coop_box_options box_options(const struct jail *j)
{
	struct coop_box_options o = {
		.size = sizeof(o),
		.profile = j->profile,
		.limits = j->limits,
	};

	o.limits.time_ms = j->time_ms;
	return o;
}

/*
 * The timeout of a block is wall time: a program that keeps all cpus busy must
 * not run into the limit of cpu time before. A profile with a ceiling for that
 * refuses so much; then its own rule holds.
 */
static int open_box(struct jail *j, struct err *err)
{
	struct coop_box_options o = box_options(j), wide = o;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct coop_err e = { 0 };
	int rc = -1;

	wide.limits.cpu_time_ms = j->time_ms * (uint64_t)(cpus > 0 ? cpus : 1);
	if (!o.limits.cpu_time_ms)
		rc = coop_box_open(&j->box.box, j->coop, &wide, &e);
	if (rc < 0)
		rc = coop_box_open(&j->box.box, j->coop, &o, &e);
	if (rc < 0)
		return jail_error(&e, err);
	coop_box_limits(j->box.box, &j->box.limits);
	return 0;
}

/* The host's files that the box begins with: too many are refused now. */
static int read_inputs(struct jail *j, struct err *err)
{
	int rc = 0;

	host_read_finish(&j->inputs);
	j->inputs.bytes_max = j->box.limits.disk_bytes;
	j->inputs.files_max = j->box.limits.files;
	if (j->work_dir)
		rc = host_read_folder(&j->inputs, j->work_dir, err);
	for (size_t i = 0; rc == 0 && j->files && j->files[i]; i++)
		rc = host_read_option(&j->inputs, j->files[i], err);
	j->box.files = j->inputs.items;
	j->box.file_count = j->inputs.count;
	return rc;
}

/* A folder that a file names is made when it is missing, as AutoGen does. */
static int open_folders(struct jail *j, struct err *err)
{
	const char *out = j->collect ? j->collect : j->work_dir;

	if (j->work_dir && j->collect) {
		struct host_write *w = host_write_open(j->work_dir, err);

		if (!w)
			return err_field(err, "work_dir");
		host_write_close(w);
	}
	if (!out)
		return 0;
	j->dest = host_write_open(out, err);
	if (!j->dest)
		return err_field(err, j->collect ? "--collect" : "work_dir");
	j->box.dest = j->dest;
	return 0;
}

static void close_folders(struct jail *j)
{
	host_write_close(j->dest);
	j->dest = NULL;
	j->box.dest = NULL;
	host_read_finish(&j->inputs);
	j->box.files = NULL;
	j->box.file_count = 0;
}

static int jail_start(struct code_executor *x, struct err *err)
{
	struct jail *j = (struct jail *)x;
	int rc = open_folders(j, err);

	if (rc == 0)
		rc = connect_broker(j, err);
	if (rc == 0)
		rc = open_box(j, err);
	if (rc == 0)
		rc = read_inputs(j, err);
	if (rc < 0) {
		disconnect(j);
		close_folders(j);
	}
	return rc;
}

static int jail_stop(struct code_executor *x, struct err *err)
{
	struct jail *j = (struct jail *)x;

	disconnect(j);
	close_folders(j);
	return 0;
}

static int jail_restart(struct code_executor *x, struct err *err)
{
	struct jail *j = (struct jail *)x;

	if (j->box.job)
		return err_set(err, ERR_CONFLICT,
			       "a block is running in the executor");
	jail_stop(x, NULL);
	if (jail_start(x, err) == 0)
		return 0;
	x->started = false; /* nothing is left of it */
	return err ? -(int)err->code : -ERR_INTERNAL;
}

/* Adds what one block made; a file made twice is told once. */
static void merge_files(struct code_result *all, struct jail_outcome *o)
{
	for (size_t i = 0; i < o->file_count; i++) {
		struct code_file *f = &o->files[i];
		size_t k = 0;

		while (k < all->file_count &&
		       !str_equal(all->files[k].path, f->path))
			k++;
		if (k == all->file_count)
			all->files = mem_resize(all->files, ++all->file_count,
						sizeof(*f));
		else
			mem_free(all->files[k].path);
		all->files[k] = *f;
		f->path = NULL;
	}
}

static int one_block(struct jail *j, const struct code_run *run, size_t i,
		     struct jail_outcome *o, struct err *err)
{
	struct block_program p = { 0 };
	_auto_free_ char *refusal = NULL;
	int rc;

	if (!block_read(&run->blocks[i], &p, &refusal)) {
		o->exit_code = 1;
		o->status = "failed";
		buf_puts(&o->output, refusal);
		return 0;
	}
	rc = jail_exec(&j->box, &p, run, o, err);
	block_finish(&p);
	return rc;
}

static int jail_execute(struct code_executor *x, const struct code_run *run,
			struct code_result *out, struct err *err)
{
	struct jail *j = (struct jail *)x;
	struct buf output;
	int rc = 0;

	buf_init(&output, RESULT_MAX);
	out->status = mem_strdup("ok");
	for (size_t i = 0; i < run->count && out->exit_code == 0; i++) {
		struct jail_outcome o;

		jail_outcome_init(&o);
		rc = one_block(j, run, i, &o, err);
		if (rc == 0) {
			buf_add(&output, o.output.data, o.output.len);
			merge_files(out, &o);
			out->exit_code = o.exit_code;
			mem_free(out->status);
			out->status = mem_strdup(o.status);
		}
		jail_outcome_finish(&o);
		if (rc < 0)
			break;
	}
	if (rc == 0 && output.overflow)
		rc = err_set(err, ERR_TOO_LARGE,
			     "the blocks wrote more than %u MiB together",
			     RESULT_MAX >> 20);
	out->output = buf_take(&output);
	return rc;
}

/* The members of the config that this class knows; others are kept by core. */
static void jail_dump(const struct code_executor *x, struct json_writer *w)
{
	const struct jail *j = (const struct jail *)x;

	jw_object(w);
	for (const char *const *k = j->keys; k && *k; k++) {
		const struct json *member = json_get(j->config, *k);

		if (!member || json_is(member, JSON_NULL))
			continue;
		_auto_free_ char *text = json_print(member);

		jw_key(w, *k);
		jw_raw(w, text);
	}
	jw_end_object(w);
}

static void jail_destroy(struct code_executor *x)
{
	struct jail *j = (struct jail *)x;

	jail_stop(x, NULL);
	for (char **f = j->files; f && *f; f++)
		mem_free(*f);
	mem_free(j->files);
	mem_free(j->profile);
	mem_free(j->work_dir);
	mem_free(j->collect);
	json_destroy(j->config);
	mem_free(j);
}

static const struct code_executor_ops jail_ops = {
	.provider = JAIL_PROVIDER,
	.start = jail_start,
	.stop = jail_stop,
	.restart = jail_restart,
	.execute = jail_execute,
	.dump = jail_dump,
	.destroy = jail_destroy,
};

static char **copy_list(const char *const *list)
{
	size_t n = 0;
	char **copy;

	while (list && list[n])
		n++;
	copy = mem_zero(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(list[i]);
	return copy;
}

struct code_executor *jail_create(struct engine *e,
				  const struct jail_options *o,
				  struct json *config, const char *const *keys)
{
	struct jail *j = mem_new(struct jail);

	j->base = (struct code_executor){ .ops = &jail_ops,
					  .refs = 1,
					  .engine = e };
	j->profile = mem_strdup(o->profile ? o->profile : "agent");
	j->work_dir = mem_strdup(o->work_dir);
	j->collect = mem_strdup(o->collect);
	j->files = copy_list(o->files);
	j->limits = o->limits;
	j->time_ms = o->time_ms ? o->time_ms : JAIL_TIMEOUT_MS;
	j->config = config;
	j->keys = keys;
	j->box.engine = e;
	j->box.time_ms = j->time_ms;
	return &j->base;
}

/* A plan looks everything up and starts nothing. */
static int check_box(const struct jail *j, struct err *err)
{
	static const char *const argv[] = { "true", NULL };
	struct coop_exec_options exec = { .size = sizeof(exec), .argv = argv };
	struct coop_box_options o = box_options(j);
	struct coop_err e = { 0 };
	struct coop *c = NULL;
	char *plan;

	if (coop_open(&c, NULL, &e) < 0)
		return 0;
	plan = coop_plan(c, &o, &exec, &e);
	coop_free(plan);
	coop_close(c);
	return plan ? 0 : jail_error(&e, err);
}

int jail_check(const struct code_executor *x, struct err *err)
{
	const struct jail *j = (const struct jail *)x;
	struct host_read inputs = { 0 };
	int rc = check_box(j, err);

	for (size_t i = 0; rc == 0 && j->files[i]; i++)
		rc = host_read_option(&inputs, j->files[i], err);
	host_read_finish(&inputs);
	return rc;
}
