/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The broker's nests: one process per profile, made at first use. */
#include "executor/broker/server.h"

/* What a nest's packet or death is given to; set by broker.c. */
typedef void nests_packet_fn(struct nest_link *n, struct wire_packet *p);
typedef void nests_dead_fn(struct nest_link *n, const struct err *why);
struct nests_events {
	nests_packet_fn *packet;
	nests_dead_fn *dead;
};

/*
 * The nest of a profile, started if there is none. It may be sent requests at
 * once; when it cannot be built `dead` is called later.
 */
int nests_get(struct server *s, const char *profile,
	      const struct nests_events *events, struct nest_link **out,
	      struct err *err);

/* Kills the nest with everything in it, reaps it, frees. */
void nests_end(struct nest_link *n);
