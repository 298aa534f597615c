/* SPDX-License-Identifier: Apache-2.0 */
/* One row per model context or memory; a new one needs its line here. */
#include "agentlib/memory/memory_classes.h"

#include "agentlib/memory/unbounded.h"
#include <stddef.h>

const struct component_class *const memory_classes[] = {
	&unbounded_class,
	NULL,
};
