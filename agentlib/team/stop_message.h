/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Stops when somebody sends a StopMessage
 * (autogen_agentchat.conditions.StopMessageTermination). */
#include "agentlib/core/component.h"

struct termination;

/* One reference. */
struct termination *stop_message_create(void);

/* Its row; no config. */
extern const struct component_class stop_message_class;
