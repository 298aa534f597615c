/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Anthropic's messages API:
 * autogen_ext.models.anthropic.AnthropicChatCompletionClient.
 */
#include "agentlib/core/component.h"

extern const struct component_class anthropic_class;
