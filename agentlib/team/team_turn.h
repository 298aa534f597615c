/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One turn of a team: its speakers speak, at the same time when there are
 * several, and the others get to read it. */
#include "agentlib/team/team_engine.h"

struct team_turn {
	struct team *team;
	const struct sink *sink;   /* of the run; NULL: none */
	struct task_result *out;   /* of the run */
	struct message_list delta; /* what the speakers who finished said */
};

/*
 * Lets `count` participants speak. What they emit goes to the sink and into
 * `out` as it comes; when all have ended, what those who finished said goes to
 * the transcript, the delta and the others' unread messages. The unread messages
 * of one who did not finish stay. Returns the first error.
 */
int team_turn_speak(struct team_turn *t, const unsigned *speakers,
		    unsigned count, struct err *err);
