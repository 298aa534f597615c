/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * JSON out: written straight into a buf, no tree. Commas are the writer's
 * business. Strings must be UTF-8; bad bytes become U+FFFD. Non-finite numbers
 * become null. Overflow is latched by the buf.
 */
#include "executor/base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool comma;
};

/* A writer that appends to `out`, which the caller keeps and finishes. */
void jw_init(struct json_writer *w, struct buf *out);
/* One value, or the beginning or end of one; the caller pairs them. */
void jw_object(struct json_writer *w); /* { */
void jw_end_object(struct json_writer *w);
void jw_array(struct json_writer *w); /* [ */
void jw_end_array(struct json_writer *w);
void jw_key(struct json_writer *w, const char *key);
void jw_string(struct json_writer *w, const char *s); /* NULL writes null */
void jw_string_n(struct json_writer *w, const char *s, size_t len);
void jw_int(struct json_writer *w, int64_t v);
void jw_uint(struct json_writer *w, uint64_t v);
void jw_number(struct json_writer *w, double v);
void jw_bool(struct json_writer *w, bool v);
void jw_null(struct json_writer *w);
void jw_raw(struct json_writer *w, const char *json); /* a finished value */

/* key and value in one call */
void jw_kstring(struct json_writer *w, const char *key, const char *s);
void jw_kint(struct json_writer *w, const char *key, int64_t v);
void jw_kuint(struct json_writer *w, const char *key, uint64_t v);
void jw_kbool(struct json_writer *w, const char *key, bool v);
void jw_knull(struct json_writer *w, const char *key);
