/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The box's own network: nothing but loopback. */
#include "executor/base/err.h"

/* Brings lo up in this network namespace. 0 or -ERR_SYSTEM. */
int loopback_up(struct err *err);
