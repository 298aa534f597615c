/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a model service's refusal means, in a sentence that says what to do.
 * The same for all vendors. Keys never appear in it.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

struct model_error_facts {
	int status;      /* of HTTP, not 200 */
	const char *url; /* what was asked */
	const char *model;
	const char *key_source;  /* "OPENAI_API_KEY" */
	const char *key;         /* to be blotted out; NULL: none was sent */
	const char *location;    /* of a redirect; may be empty */
	uint64_t retry_after_ms; /* UINT64_MAX: not said */
	unsigned tries;          /* made so far */
	const char *missing;     /* what to try after a 404; NULL: the usual */
	const char *body;        /* the reply, NUL-ended */
	size_t body_len;
};

/* Fills *err and returns -code. */
int model_error_status(const struct model_error_facts *f, struct err *err);

/* The words of an error object in any of the forms that services use; false
 * when there is none. Cut to `size` on a UTF-8 boundary. */
bool model_error_words(const struct json *j, char *out, size_t size);

/* Whether a body says that the account has no money left. */
bool model_error_quota(const char *body, size_t len);
