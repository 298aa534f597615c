/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a row demands of a result against what came: pure, apart from looking
 * into the collected folder. Each difference is a line of `faults`.
 */
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "tests/hostile/hostile_child.h"
#include "tests/hostile/hostile_table.h"

struct hostile_case {
	const struct hostile_row *row;
	const char *each;    /* value of ${each}, or NULL */
	const char *secret;  /* may not be printed */
	const char *collect; /* folder */
	const struct hostile_end *end;
	struct json *result; /* NULL when there is none */
	struct buf *faults;
};

/* Parses the result and applies every demand of the row. */
void hostile_judge(struct hostile_case *c);

/* The name of a wall of the row's `needs` that stands in `missing` of `result`,
 * or NULL. */
const char *hostile_lacks(const struct hostile_row *row,
			  const struct json *result);
