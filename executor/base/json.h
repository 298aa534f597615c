/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * JSON in: cJSON behind a strict gate. One scan before cJSON runs refuses what
 * it is lax about (trailing text, depth over 64, size, bad UTF-8, numbers like
 * 01, duplicate handling is "last wins" = an error here) and rewrites \u0000
 * to \ufffd. Look-ups are case-sensitive. cJSON's header is included by json.c
 * only: nodes are opaque to everyone else.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; /* a node; the root owns all below it */

#define JSON_DEPTH_MAX 64

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/*
 * Parses text of at most `max` bytes. NULL with *err ("line 3, column 9: …").
 * The root ends with json_destroy().
 */
struct json *json_parse(const char *text, size_t len, size_t max,
			struct err *err);
void json_destroy(struct json *root);
void json_cleanup(struct json **root);
#define _auto_json_ __attribute__((cleanup(json_cleanup)))

/* NULL counts as JSON_NULL. */
enum json_type json_type(const struct json *j);
bool json_is(const struct json *j, enum json_type type);
const char *json_type_name(enum json_type t); /* "object", … */

/* Member of an object or NULL; case-sensitive; j may be NULL. */
const struct json *json_get(const struct json *j, const char *key);

/* Elements of an array or members of an object; 0 for others. */
size_t json_count(const struct json *j);
const struct json *json_child(const struct json *j);      /* first */
const struct json *json_next(const struct json *sibling); /* or NULL */
const char *json_key(const struct json *member);          /* its name */

/* Values; defaults when j is NULL or of another type. */
const char *json_string(const struct json *j); /* or NULL */
bool json_bool(const struct json *j, bool otherwise);
double json_number(const struct json *j, double otherwise);

/* True and *out when j is an integer that fits int64 exactly. */
bool json_int(const struct json *j, int64_t *out);

/* A deep copy as a new root. */
struct json *json_copy(const struct json *j);

/* Compact text of a node; caller frees by mem_free(). */
char *json_print(const struct json *j);
