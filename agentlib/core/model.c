/* SPDX-License-Identifier: Apache-2.0 */
/* What all model clients have in common: counting references and usage. */
#include "agentlib/core/model.h"

#include "agentlib/core/component_origin.h"
#include "executor/base/mem.h"

int model_create(struct model *m, const struct model_request *req,
		 struct create_result *out, struct err *err)
{
	struct create_result result = { 0 };
	int r = m->ops->create(m, req, &result, err);

	if (r < 0) {
		create_result_finish(&result);
		return r;
	}
	m->total.prompt_tokens += result.usage.prompt_tokens;
	m->total.completion_tokens += result.usage.completion_tokens;
	*out = result;
	return 0;
}

struct model *model_ref(struct model *m)
{
	if (m)
		m->refs++;
	return m;
}

void model_unref(struct model *m)
{
	if (!m || --m->refs > 0)
		return;
	component_origin_free(m->origin);
	mem_free(m->name);
	m->ops->destroy(m);
}
