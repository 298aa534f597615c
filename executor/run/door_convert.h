/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Values of the inside as the door shows them, and back. */
#include "executor/base/err.h"
#include "executor/include/executor.h"
#include "executor/spec/limits.h"

struct buf;
struct result;

/* Fills *out (may be NULL) and returns the negative code. */
int door_err(struct coop_err *out, const struct err *err);

/* The limits a caller asks for, field by field. */
struct limits door_limits(const struct coop_limits *l);

/* And back. */
struct coop_limits door_limits_shown(const struct limits *l);

/* A result with what it points to; end with door_result_finish(). */
struct door_result {
	struct coop_result view;
	struct coop_result_file *files;
	char *json, *compile_output;
	char explanation[512];
};

/* Makes the view; it points into `r`, which must outlive it. */
void door_result_make(struct door_result *out, const struct result *r);
/* Frees what door_result_make() made; not `r`. */
void door_result_finish(struct door_result *d);
