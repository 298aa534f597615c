/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The proxy process: one for all boxes of a broker that may reach hosts. It
 * gets the boxes' listening sockets and their lists from the broker, seals
 * itself before it reads anything else, and ends with the broker. If it dies
 * the boxes have no network; nothing opens.
 */
#include "executor/base/err.h"

/*
 * Serves until the end of file of `sock`, which is the broker's; `log_fd` gets
 * the decisions, -1: nobody. Makes the resolver's process. 0, or why it could
 * not begin or go on.
 */
int proxy_serve(int sock, int log_fd, struct err *err);
