/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the tests of the door share: a program's callbacks as a record. */
#include "executor/include/executor.h"
#include <stdbool.h>

/* What the callbacks of one program said. */
struct seen {
	bool done, failed;
	char status[32], out[4096], errors[4096], live[4096], file[64];
	int exit_code, files, calls;
	char name[32], field[96];
	struct coop_box *close_in_output, *close_in_ended;
	struct coop_run **cancel_in_output;
};

/* Callbacks that fill `s`. */
struct coop_events door_events(struct seen *s);

/* A runtime of the build tree under test, a box, a program in bash; each ends
 * the test when it cannot be had. */
struct coop *door_begin(void);
struct coop_box *door_box(struct coop *c);
struct coop_exec_options door_shell(const char *code);
struct coop_run *door_start(struct coop_box *b, const char *code,
			    struct seen *s);

/* Steps until the program has ended; until its first output. */
void door_finish(struct coop *c, struct seen *s);
void door_step_until_live(struct coop *c, struct seen *s);
