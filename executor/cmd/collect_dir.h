/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * --collect DIR: copies of the files that a program made, below one folder of
 * the host. Names come from the program, so no link is followed on the way and
 * nothing is written outside.
 */
#include "executor/base/err.h"
#include <stdint.h>

/* Opens the folder, making it if need be. The descriptor, or negative. */
int collect_dir_open(const char *path, struct err *err);

/* Copies what `fd` reads to `path` below `dir`, replacing a file there; makes
 * folders. -ERR_INVALID when a link or a folder stands in the way. */
int collect_dir_put(int dir, const char *path, int fd, struct err *err);
