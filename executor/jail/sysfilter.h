/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Loading system-call filters. Profiles' filters come compiled from
 * profile/filter.c; the one of init, which needs a few dozen calls and no
 * profile, is written here.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

/* Loads a classic BPF program of `len` instructions; needs no_new_privs. */
int sysfilter_load(const void *code, uint16_t len, struct err *err);

/* Loads the filter of a box's init: what init.c and the C library below it
 * call; everything else is ENOSYS. `openat2`: whether the machine has it. */
int sysfilter_load_init(bool openat2, struct err *err);
