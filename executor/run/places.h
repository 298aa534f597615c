/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Where Coop's own files lie: helper programs and shared data. An explicit
 * choice, else the environment, else beside the running program or the library,
 * else the usual folders.
 */
#include "executor/base/err.h"

/* libexec/coop (holds the broker); `chosen` or COOP_LIBEXEC win. The caller
 * frees by mem_free(); NULL with *err. */
char *places_libexec(const char *chosen, struct err *err);

/* share/coop (holds profiles/); `chosen` or COOP_SHARE win. As above. */
char *places_share(const char *chosen, struct err *err);
