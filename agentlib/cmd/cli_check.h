/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* `coop team check`: what of a file runs, and what is wrong with it. */

struct cli_options;

/* Prints the list; the exit status: 0, or 125 when the file has faults. */
int cli_check(const struct cli_options *o);
