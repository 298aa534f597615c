/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Coop's pid 1 of a box: reaps orphans, opens and lists files for the front,
 * kills the rest when told. It has the box's uid, no capability, its own small
 * filter, and lives outside the box's limits. Nothing it is told or finds may
 * make it fail: user code shares its folders.
 */
#include <stdbool.h>

/* Serves the sockets to the front and to the nest; ends at end of file of
 * either. Everything else is closed. `openat2`: whether there is such a call.
 * Never returns. */
_Noreturn void init_main(int front, int nest, bool openat2);
