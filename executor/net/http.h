/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * HTTP client: libcurl's multi interface on our loop. libcurl is loaded by
 * dlopen at first use, so that programs which never speak HTTP do not pay for
 * it. Handles are made in one function (http_call.c says which options and
 * why). No redirects are followed. A client belongs to its loop's thread.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct http;      /* a client: connections, DNS and TLS caches */
struct http_call; /* one request in flight */

/* NULL with *err (libcurl cannot be loaded: remedy names the package). */
struct http *http_create(struct loop *l, struct err *err);
/* Ends calls in flight without callbacks; NULL is fine. Before the loop ends,
 * and not from a callback of a call. */
void http_destroy(struct http *h);

struct http_request {
	const char *method;         /* NULL: POST with body, else GET */
	const char *url;            /* http:// or https:// only */
	const char *const *headers; /* "Name: value", NULL-ended; may be NULL */
	const char *body;           /* copied */
	size_t body_len;
	uint64_t connect_ms;     /* 0: 10 s */
	uint64_t total_ms;       /* 0: none (the caller has a deadline) */
	uint64_t idle_ms;        /* no byte for so long: 0: 120 s */
	size_t max_bytes;        /* of the reply body; 0: 64 MiB */
	const char *ca_file;     /* NULL: the system's */
	const char *unix_socket; /* NULL: TCP */
};

struct http_reply {
	int status;                 /* 200 …; 0 when none came */
	const char *content_type;   /* "" if none */
	uint64_t retry_after_ms;    /* from Retry-After; UINT64_MAX: none */
	const char *const *headers; /* lines of the reply; NULL-ended */
	bool permanent;             /* with an error: trying again is no use
					(certificate, address, size) */
};

/* Value of a header, whatever its case; NULL when the reply has none. */
const char *http_reply_header(const struct http_reply *r, const char *name);

struct http_events {
	void *arg;
	/* Status and headers are there; before the first body byte. */
	void (*head)(void *arg, const struct http_reply *r);
	/* A piece of the body. */
	void (*body)(void *arg, const char *data, size_t len);
	/* Last, once, from the loop: err NULL when the reply is complete, whatever
	 * its status. Errors: ERR_UNAVAILABLE (refused, no such host, TLS; text
	 * says which), ERR_DEADLINE, ERR_TOO_LARGE. The call is freed after. */
	void (*done)(void *arg, const struct http_reply *r,
		     const struct err *e);
};

/*
 * Starts a request; callbacks come from the loop only, and may start and cancel
 * calls. -ERR_INVALID for a URL or header that is none. The proxy variables
 * (https_proxy, no_proxy, ...) are honoured, but never for this machine itself.
 */
int http_start(struct http_call **out, struct http *h,
	       const struct http_request *req, const struct http_events *ev,
	       struct err *err);

/* Ends it at once, no callback comes after; from anywhere on the loop's thread,
 * until `done` has been called. NULL is fine. */
void http_cancel(struct http_call *c);
