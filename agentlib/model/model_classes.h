/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The classes of this floor, for the table of the catalog. */
#include "agentlib/core/component.h"

extern const struct component_class *const model_classes[]; /* NULL-ended */
