/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Members of JSON objects that must be there in one shape only, and whose
 * faults are told by JSON pointer. `place` is the pointer of the object. Knows
 * nothing of seccomp.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

struct json;

/* Names the member `key` of the object at `place` ("": the object itself) as
 * the field of an error; returns -err->code. */
int oci_field_at(const char *place, const char *key, struct err *err);

/* Whether it is an object with no other keys than `known` (NULL-ended):
 * -ERR_INVALID, or -ERR_UNKNOWN with the nearest. */
int oci_field_check(const char *place, const struct json *object,
		    const char *const *known, struct err *err);

/* The list at `key`; *out is NULL when it is absent or null. -ERR_INVALID. */
int oci_field_list(const char *place, const struct json *object,
		   const char *key, const struct json **out, struct err *err);

/* The same, with nothing but strings in it. */
int oci_field_words(const char *place, const struct json *object,
		    const char *key, const struct json **out, struct err *err);

/* An integer from 0 to INT64_MAX; *out is untouched when it is absent. */
int oci_field_number(const char *place, const struct json *object,
		     const char *key, uint64_t *out, struct err *err);

/* The number of an errno's name, "EPERM"; as oci_field_number(). */
int oci_field_errno(const char *place, const struct json *object,
		    const char *key, unsigned *out, struct err *err);
