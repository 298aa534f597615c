/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What `coop plan` shows: the program, its environment, limits, and the jail
 * that the backend would build around it. */
#include "executor/base/err.h"

struct run_box_options;
struct request;

/* Text, freed by mem_free(); NULL with *err. Starts nothing. */
char *describe_run(const struct run_box_options *o, const struct request *req,
		   struct err *err);
