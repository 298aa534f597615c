/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The classes of this floor, for the catalog; ended by NULL. */
#include "agentlib/core/component.h"

extern const struct component_class *const team_classes[];
