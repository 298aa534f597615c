/* SPDX-License-Identifier: Apache-2.0 */
/* Stands above the clients; a new one is a file and a line here. */
#include "agentlib/model/model_classes.h"

#include "agentlib/model/anthropic.h"
#include "agentlib/model/azure_ai.h"
#include "agentlib/model/azure_openai.h"
#include "agentlib/model/cache.h"
#include "agentlib/model/memory_store.h"
#include "agentlib/model/ollama.h"
#include "agentlib/model/openai.h"
#include "agentlib/model/replay.h"

#include <stddef.h>

const struct component_class *const model_classes[] = {
	&openai_class, &azure_openai_class, &anthropic_class,
	&ollama_class, &azure_ai_class,     &replay_class,
	&cache_class,  &memory_store_class, NULL,
};
