/* SPDX-License-Identifier: Apache-2.0 */
/* What all workbenches have in common: counting references. */
#include "agentlib/core/workbench.h"

#include "agentlib/core/component_origin.h"

int workbench_list(struct workbench *b, struct json_writer *w, struct err *err)
{
	return b->ops->list(b, w, err);
}

int workbench_call(struct workbench *b, const struct function_call *call,
		   struct function_result *out, struct err *err)
{
	return b->ops->call(b, call, out, err);
}

struct workbench *workbench_ref(struct workbench *b)
{
	if (b)
		b->refs++;
	return b;
}

void workbench_unref(struct workbench *b)
{
	if (!b || --b->refs > 0)
		return;
	component_origin_free(b->origin);
	b->ops->destroy(b);
}
