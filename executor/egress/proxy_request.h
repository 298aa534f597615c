/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A request to a proxy: whom it asks for, and the same request as the other side
 * gets it. Takes `METHOD http://host/path` and `CONNECT host:port`, nothing
 * else. Decides nothing about hosts. Pure.
 */
#include "executor/egress/proxy_head.h"
#include "executor/profile/net_host.h"

struct buf;

struct proxy_request {
	struct proxy_piece method, path; /* path "" or from "/" or "?" on */
	bool connect;
	bool is_head;    /* its reply has no body */
	bool old;        /* HTTP/1.0 */
	bool keep_alive; /* the client would ask again on this connection */
	struct net_host host;
	uint16_t port;
	struct proxy_frame frame; /* of its body; never PROXY_CLOSE */
};

/*
 * Reads a head. -ERR_INVALID where two readers could differ about whom it asks
 * or where it ends: a Host that is not the URL's, user names in URLs, a body's
 * length told twice; and for what is no request to a proxy. Pieces point into
 * the head's bytes.
 */
int proxy_request_parse(struct proxy_request *out, const struct proxy_head *h,
			struct err *err);

/* Appends the head for the server: its own path, our Host, one request on the
 * connection. */
void proxy_request_write(const struct proxy_request *r,
			 const struct proxy_head *h, struct buf *out);
