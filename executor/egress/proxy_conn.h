/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The story of one connection of a box: head, decision, look-up, check of the
 * addresses, dial, relay; then the next request from the beginning. Read
 * proxy_conn.c from its end.
 */
#include "executor/egress/proxy_box.h"

/* Takes an accepted, non-blocking socket; the connection frees itself. */
void proxy_conn_open(struct proxy_box *b, int fd);

/* Ends it at once. */
void proxy_conn_close(struct proxy_conn *c);
