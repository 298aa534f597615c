/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Component JSON of the jail's executor, and of AutoGen's local and Docker
 * executors, which the jail serves.
 */
#include "agentlib/core/component.h"

extern const struct component_class jail_class;
extern const struct component_class jail_for_local_class;
extern const struct component_class jail_for_docker_class;
