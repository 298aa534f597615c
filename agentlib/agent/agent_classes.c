/* SPDX-License-Identifier: Apache-2.0 */
/* One row per agent; a new one needs its line here. */
#include "agentlib/agent/agent_classes.h"

#include "agentlib/agent/assistant.h"
#include "agentlib/agent/code_executor_agent.h"
#include <stddef.h>

const struct component_class *const agent_classes[] = {
	&assistant_class,
	&code_executor_agent_class,
	NULL,
};
