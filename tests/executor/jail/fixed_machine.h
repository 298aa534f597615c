/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A machine and a profile as fixed data, so that plans hold on any host. */
#include "executor/jail/machine.h"
#include "executor/profile/profile.h"

/* Root on Debian 12 with hybrid cgroups: everything there. */
void fixed_machine(struct machine *m);

/* Limits and paths of a small profile; strings are constants. */
void fixed_profile(struct profile *p);
