/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Which system calls a program was refused: the profile's filter is loaded so
 * that refusals by EPERM wait for an answer from whoever holds the listener.
 * The loading process must give that away before it execs, by one sendmsg that
 * the filter lets through whatever the profile says: a call that nobody answers
 * would hang it for good.
 */
#include "executor/base/err.h"
#include <stdint.h>
#include <sys/socket.h>

/* The one packet that passes: known by its address and a random number in its
 * flags, both of which end with the exec. */
struct denied_letter {
	int sock;
	uint32_t cookie;
	struct msghdr head;
	struct iovec part;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
};

/* Prepares to send `len` bytes at `data` (borrowed) over `sock`. */
void denied_prepare(struct denied_letter *l, int sock, const void *data,
		    size_t len);

/*
 * Loads the program with EPERM turned into notifications. Returns the listener
 * (close-on-exec), or -ERR_UNSUPPORTED when the kernel or an outer listener
 * forbids it: nothing is loaded then.
 */
int denied_load(const struct denied_letter *l, const void *code, uint16_t len,
		struct err *err);

/* Sends the data with the listener. 0 or -1; errno is the call's. */
int denied_send(struct denied_letter *l, int listener);
