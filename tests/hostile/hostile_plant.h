/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the self-test does itself to see that the runner notices: a process, a
 * group, a mount, a file, a change of the guard.
 */
#include "executor/base/buf.h"
#include "tests/hostile/hostile_host.h"
#include "tests/hostile/hostile_table.h"

/* Plants what the row's `plant` names; nothing for other rows. A plant that
 * cannot be made here (no root) says so in faults. `terminal` is the one that
 * coop has, or -1. */
void hostile_plant(const struct hostile_row *row, struct hostile_host *h,
		   int terminal, struct buf *faults);

/* Takes away what would stay. */
void hostile_plant_remove(const struct hostile_row *row,
			  struct hostile_host *h);
