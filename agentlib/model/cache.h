/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A client that asks another one only what was not asked before:
 * autogen_ext.models.cache.ChatCompletionCache.
 */
#include "agentlib/core/component.h"

extern const struct component_class cache_class;
