/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Reading the program that `coop run` is given. */
#include "executor/base/err.h"

struct buf;

#define SOURCE_FILE_MAX (16UL * 1024 * 1024)

/* Appends the file, or standard input for "-". Errors have the field "file". */
int source_file_read(const char *path, struct buf *out, struct err *err);
