/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What every verb of `coop` prints the same way. */
#include "executor/base/err.h"
#include "executor/include/executor.h"
#include <stdbool.h>
#include <stddef.h>

struct option_row;

#define SAY_FAILED 125 /* exit status: Coop itself failed, or was misused */

/* "coop: FIELD: sentence. Try: remedy" on standard error, and with `json`
 * {"error":…} on standard output. Returns the exit status: 125, or 127 and 126
 * for a command that is not there or cannot be run. */
int say_err(const struct err *err, bool json);
int say_coop_err(const struct coop_err *err, bool json);

/* Writes all of it to a descriptor, whatever it takes. 0 or -1. */
int say_bytes(int fd, const char *data, size_t len);

/* Help of one verb on standard output: usage, sentence, options. */
void say_help(const char *usage, const char *about,
	      const struct option_row *rows);
