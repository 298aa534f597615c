/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * OpenAI's models in Azure:
 * autogen_ext.models.openai.AzureOpenAIChatCompletionClient.
 */
#include "agentlib/core/component.h"

extern const struct component_class azure_openai_class;
