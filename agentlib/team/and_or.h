/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Conditions of conditions: "and" stops once each has fired at some time, "or"
 * at the first (autogen_agentchat.base.AndTerminationCondition and
 * OrTerminationCondition).
 */
#include "agentlib/core/component.h"
#include <stddef.h>

struct termination;

/* The parts are referenced. One reference. */
struct termination *and_create(struct termination *const *parts, size_t count);
struct termination *or_create(struct termination *const *parts, size_t count);

/* Their rows; config: conditions. */
extern const struct component_class and_class;
extern const struct component_class or_class;
