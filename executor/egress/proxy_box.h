/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the proxy knows of one box: its list, its socket, its connections, and
 * how much it may still write into the log. Only data and the log; accepting is
 * proxy.c, a connection's story proxy_conn.c.
 */
#include "executor/base/clock.h"
#include "executor/base/log.h"
#include "executor/egress/egress_wire.h"
#include "executor/egress/policy.h"

struct loop;
struct loop_fd;
struct lookups;
struct proxy_conn;

#define PROXY_BOX_CONNS 64 /* at a time; more wait in the socket's queue */
#define PROXY_CONNS 1024   /* of all boxes, but for … */
#define PROXY_BOX_OWN 4    /* … these of each, whatever the others hold */

/* What all boxes share. */
struct proxy_shared {
	struct loop *loop;
	struct lookups *lookups;
	const struct log *log; /* NULL: none */
	unsigned conns;
	/* a connection has ended: others may be taken again */
	void (*freed)(void *arg);
	void *arg;
};

struct proxy_box {
	struct proxy_box *next;
	struct proxy_shared *shared;
	uint32_t number;
	char id[EGRESS_BOX_ID];
	struct network network;
	int listener;
	struct loop_fd *watch;
	bool paused; /* at a maximum: accepts nothing */
	struct proxy_conn *conns;
	unsigned conn_count;
	/* log lines left, refilled with time */
	unsigned log_left;
	uint64_t log_filled_ns;
	uint64_t log_dropped;
};

/* One decision, as it is logged. */
struct proxy_decision {
	const char *method;
	const char *host; /* NULL: could not be read */
	uint16_t port;    /* 0: none */
	bool allowed;
	const char *why;     /* "allowed", "host", …, "malformed", … */
	const char *rule;    /* NULL or "": none decided */
	const char *address; /* NULL: none */
};

/* Writes it, unless the box has had too many lines: then counts. */
void proxy_box_log(struct proxy_box *b, const struct proxy_decision *d);
