/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The gate before cJSON: one scan over the text that refuses what is not
 * exactly RFC 8259, or larger or deeper than Coop takes, and notes what cJSON
 * would lose. Builds no tree.
 */
#include "executor/base/err.h"
#include <stddef.h>

/* The nth number of the text (from 0), and where it stands. */
struct json_lexeme {
	size_t nth, at, len;
};

/* The numbers of a text that a double may not give back, in its order. */
struct json_scan {
	struct json_lexeme *numbers;
	size_t count, cap;
};

/*
 * Checks text[0..len): grammar, UTF-8, at most `depth_max` levels, numbers
 * within a double's range and 63 characters, no key twice in an object.
 * Escapes that a C string in UTF-8 cannot hold (\u0000 and lone surrogates)
 * are rewritten in place to \ufffd, which has the same length. 0, or a
 * negative code with "line 3, column 9: …"; ends with json_scan_finish()
 * either way.
 */
int json_scan(struct json_scan *scan, char *text, size_t len,
	      unsigned depth_max, struct err *err);
void json_scan_finish(struct json_scan *scan);
