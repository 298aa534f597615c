/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Stops after so many messages
 * (autogen_agentchat.conditions.MaxMessageTermination). */
#include "agentlib/core/component.h"
#include <stdbool.h>

struct termination;

/* Counts chat messages, the task's included, and events when told so. One
 * reference. */
struct termination *max_message_create(int64_t max, bool include_events);

/* Its row; config: max_messages, include_agent_event. */
extern const struct component_class max_message_class;
