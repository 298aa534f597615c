/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* `coop team run`: the story of one run, from options to exit status. */

struct cli_options;

/* Runs what the options name; the exit status. */
int cli_run(const struct cli_options *o);
