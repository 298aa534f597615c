/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The driver of cgroup v1; for the table in cgroup.c only. */
#include "executor/jail/cgroup.h"

extern const struct cgroup_driver cgroup_v1;
