/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * "https://host:port" out of a URL: what error sentences name (a URL may hold
 * a password) and what connections are shared by. And a small set of them.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

/* The origin of an http:// or https:// URL, freed by mem_free(); NULL with
 * -ERR_INVALID in *err when the URL is none. */
char *http_origin(const char *url, struct err *err);

/* Whether it names this machine: localhost, 127.x.x.x, [::1]. */
bool http_origin_local(const char *origin);

#define HTTP_ORIGINS_MAX 64

/* Zeroed: empty. The oldest leaves when it is full. */
struct http_origins {
	char *names[HTTP_ORIGINS_MAX];
	size_t next;
};
bool http_origins_has(const struct http_origins *s, const char *origin);
void http_origins_add(struct http_origins *s, const char *origin);
void http_origins_remove(struct http_origins *s, const char *origin);
void http_origins_finish(struct http_origins *s);
