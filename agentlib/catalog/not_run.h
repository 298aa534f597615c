/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * AutoGen 0.7.5's providers that this Coop does not run, each with the reason,
 * so that none of its names is ever "unknown". Ended by NULL. A class that gets
 * an implementation leaves this table.
 */
#include "agentlib/core/component.h"

extern const struct component_class *const not_run_classes[];
