/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Ollama's own API: autogen_ext.models.ollama.OllamaChatCompletionClient. */
#include "agentlib/core/component.h"

extern const struct component_class ollama_class;
