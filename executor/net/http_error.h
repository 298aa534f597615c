/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * From libcurl's code to a sentence for people: who could not be reached, why,
 * what to try.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

struct http_failure {
	int code;           /* CURLcode, not CURLE_OK */
	const char *origin; /* "https://host:port", or a socket's path */
	const char *detail; /* libcurl's own text; may be empty */
	long os_errno;      /* of connect(); 0: unknown */
	long verify;        /* OpenSSL's X509_V_ERR_* */
	bool connected;     /* the request was on its way */
	bool proxied;       /* a proxy may stand between */
	const char *ca_file;
};

/* Fills *err; true when trying again is no use. */
bool http_error(const struct http_failure *f, struct err *err);
