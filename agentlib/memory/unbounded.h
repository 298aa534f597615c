/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The model context that shows the model everything
 * (autogen_core.model_context.UnboundedChatCompletionContext).
 */
#include "agentlib/core/component.h"

struct model_context;

/* An empty one with one reference. */
struct model_context *unbounded_create(void);

/* Its row; config: initial_messages. */
extern const struct component_class unbounded_class;
