/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Reading the members of a message, a state or a result out of JSON, with the
 * JSON Pointer of what is wrong in err->field. Component files have readers of
 * their own (component.h), since those collect faults instead of stopping.
 */
#include "executor/base/err.h"
#include <stddef.h>
#include <stdint.h>

struct json;

/* 0 when `obj` is an object; otherwise -ERR_INVALID naming what it is. */
int field_object(const struct json *obj, const char *what, struct err *err);

/* A string that must be there: a copy in *out, freed by mem_free(). */
int field_string(const struct json *obj, const char *key, char **out,
		 struct err *err);

/* A string that may be absent or null: then *out = NULL. */
int field_string_or_null(const struct json *obj, const char *key, char **out,
			 struct err *err);

/* An integer in min..max; absent or null gives `otherwise`. */
struct field_range {
	int64_t min, max, otherwise;
};
int field_int(const struct json *obj, const char *key,
	      const struct field_range *range, int64_t *out, struct err *err);

/* The array `key`; absent or null gives *out = NULL and 0 elements. */
int field_array(const struct json *obj, const char *key,
		const struct json **out, struct err *err);

/* Puts "/key" or "/key/index" before err->field; returns -err->code. err may
 * be NULL. */
int field_below(struct err *err, const char *key);
int field_below_item(struct err *err, const char *key, size_t index);
