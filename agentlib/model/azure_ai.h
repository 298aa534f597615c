/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Models of Azure AI and of GitHub:
 * autogen_ext.models.azure.AzureAIChatCompletionClient.
 */
#include "agentlib/core/component.h"

extern const struct component_class azure_ai_class;
