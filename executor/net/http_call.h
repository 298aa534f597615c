/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One request: its libcurl handle with every option, and what comes back
 * through it. For http.c only, which moves it through the multi handles.
 */
#include "executor/net/curl_api.h"
#include "executor/net/http.h"
#include "executor/net/http_head.h"
#include <stdbool.h>
#include <stdint.h>

struct loop_timer;

enum http_call_state {
	HTTP_CALL_QUEUED, /* to be added once libcurl is not running */
	HTTP_CALL_RUNNING,
	HTTP_CALL_CANCELLED, /* to be removed once libcurl is not running */
	HTTP_CALL_DONE       /* its last callback is running */
};

struct http_call {
	struct http *http; /* these five are http.c's */
	struct http_call *prev, *next;
	enum http_call_state state;
	unsigned pool;
	struct loop_timer *idle_timer;

	const struct curl_api *api;
	CURL *easy;
	struct curl_slist *lines;
	struct http_events ev;
	struct http_head head;
	char *origin, *ca_file;
	char detail[CURL_ERROR_SIZE];
	uint64_t idle_ms, active_ns; /* last sign of life */
	int64_t uploaded;
	size_t received, max_bytes;
	bool proxied;
	struct err err; /* why we ended it ourselves */
};

/*
 * A call that is not started yet, ended by http_call_destroy(). `ca_file` is
 * what to trust when the request names none. NULL with *err: bad URL, header.
 */
struct http_call *http_call_create(const struct curl_api *api,
				   const struct http_request *req,
				   const struct http_events *ev,
				   const char *ca_file, struct err *err);
void http_call_destroy(struct http_call *c); /* NULL is fine */

/* When it has been silent for too long, in ns of the loop's clock; looks at
 * what was sent too. */
uint64_t http_call_idle_ns(struct http_call *c);

/* Whether its connection speaks HTTP/2; -1 when there is none. */
int http_call_http2(struct http_call *c);

/* The error that libcurl's `code` or our own limits mean; false when the
 * request ended well. Sets reply.permanent. */
bool http_call_failed(struct http_call *c, CURLcode code, struct err *err);
