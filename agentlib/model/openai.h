/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * OpenAI chat completions, and every service that speaks that protocol:
 * autogen_ext.models.openai.OpenAIChatCompletionClient.
 */
#include "agentlib/core/component.h"

extern const struct component_class openai_class;
