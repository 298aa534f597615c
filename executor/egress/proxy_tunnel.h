/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What is behind a CONNECT: bytes in both directions, and their two ends. */
#include "executor/egress/proxy_side.h"

/* Moves what can be moved; true when anything was. *done is set when nothing
 * more can come of it. */
bool proxy_tunnel_step(struct proxy_side *client, struct proxy_side *server,
		       bool *done);
