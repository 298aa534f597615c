/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The system-call filters of the proxy and of its resolver; see seal.h. */
#include "executor/base/err.h"
#include "executor/egress/seal.h"

/* Loads the filter of a view; needs no_new_privs. Other calls are ENOSYS. */
int seal_calls_load(enum seal_view view, struct err *err);
