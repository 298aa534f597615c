/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The box's own network: nothing but loopback. */
#include "executor/base/err.h"
#include <stdint.h>

/* Brings lo up in this network namespace. 0 or -ERR_SYSTEM. */
int loopback_up(struct err *err);

/* A socket that listens on 127.0.0.1:port of this network namespace, wherever
 * it is accepted from later; close-on-exec, non-blocking. Or -ERR_SYSTEM. */
int loopback_listen(uint16_t port, struct err *err);
