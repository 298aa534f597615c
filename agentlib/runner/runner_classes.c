/* SPDX-License-Identifier: Apache-2.0 */
/* One row per code executor; a new one needs its line here. */
#include "agentlib/runner/runner_classes.h"

#include "agentlib/runner/jail_class.h"
#include <stddef.h>

const struct component_class *const runner_classes[] = {
	&jail_class,
	&jail_for_local_class,
	&jail_for_docker_class,
	NULL,
};
