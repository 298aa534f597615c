/* SPDX-License-Identifier: Apache-2.0 */
/* One row per workbench or tool; a new one needs its line here. */
#include "agentlib/tool/tool_classes.h"

#include "agentlib/tool/static_workbench.h"
#include <stddef.h>

const struct component_class *const tool_classes[] = {
	&static_workbench_class,
	&static_stream_workbench_class,
	NULL,
};
