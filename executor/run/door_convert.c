/* SPDX-License-Identifier: Apache-2.0 */
/* Field by field; nothing is decided here. */
#include "executor/run/door_convert.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/run/explain.h"
#include "executor/spec/result.h"

#include <string.h>

/* Bytes can be six times as long in JSON; two streams, and a compile step's. */
#define JSON_MAX (2UL * 1024 * 1024 * 1024)

int door_err(struct coop_err *out, const struct err *err)
{
	if (!out)
		return -(int)err->code;
	memset(out, 0, sizeof(*out));
	out->code = (int)err->code;
	str_copy(out->name, sizeof(out->name), err_name(err->code));
	str_copy(out->field, sizeof(out->field), err->field);
	str_copy(out->text, sizeof(out->text), err->text);
	str_copy(out->remedy, sizeof(out->remedy), err->remedy);
	return -(int)err->code;
}

struct limits door_limits(const struct coop_limits *l)
{
	return (struct limits){
		.time_ms = l->time_ms,
		.cpu_time_ms = l->cpu_time_ms,
		.memory_bytes = l->memory_bytes,
		.processes = l->processes,
		.output_bytes = l->output_bytes,
		.disk_bytes = l->disk_bytes,
		.files = l->files,
		.open_files = l->open_files,
		.stack_bytes = l->stack_bytes,
		.cpu_milli = l->cpu_milli,
	};
}

struct coop_limits door_limits_shown(const struct limits *l)
{
	return (struct coop_limits){
		.time_ms = l->time_ms,
		.cpu_time_ms = l->cpu_time_ms,
		.memory_bytes = l->memory_bytes,
		.processes = l->processes,
		.output_bytes = l->output_bytes,
		.disk_bytes = l->disk_bytes,
		.files = l->files,
		.open_files = l->open_files,
		.stack_bytes = l->stack_bytes,
		.cpu_milli = l->cpu_milli,
	};
}

static void copy_files(struct door_result *d, const struct result *r)
{
	d->files = mem_zero(r->file_count + 1, sizeof(*d->files));
	for (size_t i = 0; i < r->file_count; i++) {
		d->files[i].path = r->files[i].path;
		d->files[i].size = r->files[i].size;
	}
	d->view.files = d->files;
	d->view.file_count = r->file_count;
}

/* Compilers talk on standard error, some on standard output. */
static char *join_output(const struct result *c)
{
	char *all = mem_zero(c->stderr_len + c->stdout_len + 1, 1);

	if (c->stderr_len)
		memcpy(all, c->stderr_data, c->stderr_len);
	if (c->stdout_len)
		memcpy(all + c->stderr_len, c->stdout_data, c->stdout_len);
	return all;
}

static char *format(const struct result *r)
{
	struct buf json;

	buf_init(&json, JSON_MAX);
	result_format(r, &json);
	return buf_take(&json);
}

void door_result_make(struct door_result *out, const struct result *r)
{
	struct coop_result *v = &out->view;

	memset(out, 0, sizeof(*out));
	v->id = r->id;
	v->status = run_status_name(r->status);
	v->exit_code = r->exit_code;
	v->signal = r->signal;
	v->stdout_data = r->stdout_data ? r->stdout_data : "";
	v->stdout_len = r->stdout_len;
	v->stderr_data = r->stderr_data ? r->stderr_data : "";
	v->stderr_len = r->stderr_len;
	v->stdout_truncated = r->stdout_truncated;
	v->stderr_truncated = r->stderr_truncated;
	v->wall_ms = r->wall_ms;
	v->cpu_ms = r->cpu_ms;
	v->memory_peak_bytes = r->memory_peak_bytes;
	v->processes_peak = r->processes_peak;
	v->tier = r->tier;
	copy_files(out, r);
	if (r->status == RUN_COMPILE_FAILED && r->compile)
		out->compile_output = join_output(r->compile);
	v->compile_output = out->compile_output;
	if (explain_result(r, out->explanation, sizeof(out->explanation)))
		v->explanation = out->explanation;
	v->exit_status = result_exit_status(r);
	out->json = format(r);
	v->json = out->json;
}

void door_result_finish(struct door_result *d)
{
	mem_free(d->files);
	mem_free(d->json);
	mem_free(d->compile_output);
}
