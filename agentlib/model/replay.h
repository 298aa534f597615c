/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A model client that gives recorded answers in order:
 * autogen_ext.models.replay.ReplayChatCompletionClient.
 */
#include "agentlib/core/component.h"

extern const struct component_class replay_class;
