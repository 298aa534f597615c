/* SPDX-License-Identifier: Apache-2.0 */
/* What all code executors have in common: started once, counted. */
#include "agentlib/core/code_executor.h"

#include "agentlib/core/component_origin.h"
#include "executor/base/mem.h"

void code_result_finish(struct code_result *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->file_count; i++)
		mem_free(r->files[i].path);
	mem_free(r->files);
	mem_free(r->output);
	mem_free(r->status);
	*r = (struct code_result){ 0 };
}

int code_executor_start(struct code_executor *x, struct err *err)
{
	int r = 0;

	if (x->started)
		return 0;
	if (x->ops->start)
		r = x->ops->start(x, err);
	if (r == 0)
		x->started = true;
	return r;
}

int code_executor_stop(struct code_executor *x, struct err *err)
{
	if (!x->started)
		return 0;
	x->started = false;
	return x->ops->stop ? x->ops->stop(x, err) : 0;
}

int code_executor_restart(struct code_executor *x, struct err *err)
{
	if (!x->started)
		return code_executor_start(x, err);
	return x->ops->restart ? x->ops->restart(x, err) : 0;
}

int code_executor_execute(struct code_executor *x, const struct code_run *run,
			  struct code_result *out, struct err *err)
{
	struct code_result result = { 0 };
	int r = code_executor_start(x, err);

	if (r == 0)
		r = x->ops->execute(x, run, &result, err);
	if (r < 0) {
		code_result_finish(&result);
		return r;
	}
	*out = result;
	return 0;
}

struct code_executor *code_executor_ref(struct code_executor *x)
{
	if (x)
		x->refs++;
	return x;
}

void code_executor_unref(struct code_executor *x)
{
	if (!x || --x->refs > 0)
		return;
	component_origin_free(x->origin);
	x->ops->destroy(x);
}
