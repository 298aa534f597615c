/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A fixed set of tools (autogen_core.tools.StaticWorkbench and its streaming
 * sister). Every dump of an assistant carries one, mostly empty; tools of a
 * file are not run yet, so only the empty one loads.
 */
#include "agentlib/core/component.h"

struct workbench;

/* An empty one with one reference. */
struct workbench *static_workbench_create(void);

/* Their rows; config: tools, tool_overrides. */
extern const struct component_class static_workbench_class;
extern const struct component_class static_stream_workbench_class;
