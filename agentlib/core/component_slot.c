/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One switch over component types: where each object keeps its origin and how
 * it writes its config. A new type needs its three lines here.
 */
#include "agentlib/core/component_slot.h"

#include "agentlib/core/code_executor.h"
#include "agentlib/core/model.h"
#include "agentlib/core/model_context.h"
#include "agentlib/core/task.h"
#include "agentlib/core/termination.h"
#include "agentlib/core/workbench.h"
#include "executor/base/json_writer.h"

/* X(component type, struct) */
#define SLOT_TABLE(X)                                                          \
	X(COMPONENT_MODEL, model)                                              \
	X(COMPONENT_AGENT, task)                                               \
	X(COMPONENT_TEAM, task)                                                \
	X(COMPONENT_TERMINATION, termination)                                  \
	X(COMPONENT_CODE_EXECUTOR, code_executor)                              \
	X(COMPONENT_MODEL_CONTEXT, model_context)                              \
	X(COMPONENT_WORKBENCH, workbench)

struct component_origin **component_slot(enum component_type type, void *object)
{
#define SLOT_ORIGIN(sym, name)                                                 \
	case sym:                                                              \
		return &((struct name *)object)->origin;

	switch (type) {
		SLOT_TABLE(SLOT_ORIGIN)
	default:
		return NULL;
	}
}

const char *component_slot_provider(enum component_type type,
				    const void *object)
{
#define SLOT_PROVIDER(sym, name)                                               \
	case sym:                                                              \
		return ((const struct name *)object)->ops->provider;

	switch (type) {
		SLOT_TABLE(SLOT_PROVIDER)
	default:
		return "";
	}
}

void component_slot_dump(enum component_type type, const void *object,
			 struct json_writer *w)
{
#define SLOT_DUMP(sym, name)                                                   \
	case sym:                                                              \
		((const struct name *)object)->ops->dump(object, w);           \
		return;

	switch (type) {
		SLOT_TABLE(SLOT_DUMP)
	default:
		jw_object(w);
		jw_end_object(w);
	}
}
