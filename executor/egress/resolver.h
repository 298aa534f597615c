/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The process that turns names into addresses: getaddrinfo(), which may block
 * for long and runs modules of others, one child per name, so that neither a
 * slow nor a crashing look-up reaches the proxy. Asked by lookup.c. Does not
 * know what is allowed: only allowed names come here.
 */
#include "executor/profile/net_host.h"

#define RESOLVER_ADDRESSES 16
#define RESOLVER_CHILDREN 64 /* look-ups at a time; more wait */
#define RESOLVER_SECONDS 10  /* then a look-up is given up */

struct resolver_question {
	uint32_t id;
	char name[NET_HOST_MAX + 1];
};

struct resolver_answer {
	uint32_t id;
	uint32_t count; /* 0: not found */
	struct net_address addresses[RESOLVER_ADDRESSES];
};

/* Answers questions from the SEQPACKET socket until its end of file. */
_Noreturn void resolver_main(int sock);
