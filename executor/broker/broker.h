/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The broker: small, single-threaded, the only privileged process. Takes
 * requests from one front over one socket, keeps nests and boxes, holds all
 * deadlines. Parses nothing but fixed structs and the profiles, which it reads
 * itself: the front can only name one and tighten it.
 */
#include "executor/base/err.h"
#include "executor/jail/hands.h"
#include <stddef.h>

struct broker_serve_options {
	int front;          /* SEQPACKET socket; taken */
	const char *share;  /* profiles and filters */
	const char *egress; /* program of the proxy; NULL: no open networks */
	char *title; /* argv and environment, wiped in what lives in boxes */
	size_t title_len;
	hands_watch_fn *watch; /* before each step, for tests; NULL: none */
};

/*
 * Serves until the front's end of file, then ends everything it started.
 * 0, or an error when it could not begin (the front is told nothing then).
 */
int broker_serve(const struct broker_serve_options *o, struct err *err);
