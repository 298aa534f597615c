/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A cache store that ends with the process: autogen_core.InMemoryStore. */
#include "agentlib/core/component.h"

struct cache_store;

extern const struct component_class memory_store_class;

/* Ended by its destroy(). */
struct cache_store *memory_store_create(void);
