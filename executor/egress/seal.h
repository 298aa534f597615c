/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The walls around the proxy's own two processes, built by themselves before
 * the first byte of a stranger is read: a uid of their own where we are root,
 * no capability, nothing of the file system, few system calls. What they keep is
 * the machine's network: that is what they are for.
 */
#include "executor/base/err.h"

enum seal_view {
	SEAL_PROXY,   /* no file at all, no new process */
	SEAL_RESOLVER /* what getaddrinfo() reads, and forks */
};

/*
 * Seals this single-threaded process for good. Where the kernel lacks Landlock
 * or namespaces are forbidden the system-call filter holds alone. An error
 * means that the process must end.
 */
int seal_enter(enum seal_view view, struct err *err);
