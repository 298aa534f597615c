/* SPDX-License-Identifier: Apache-2.0 */
/* One row per team or condition; a new one needs its line here. */
#include "agentlib/team/team_classes.h"

#include "agentlib/team/and_or.h"
#include "agentlib/team/max_message.h"
#include "agentlib/team/round_robin.h"
#include "agentlib/team/stop_message.h"
#include "agentlib/team/text_mention.h"
#include <stddef.h>

const struct component_class *const team_classes[] = {
	&round_robin_class,
	&max_message_class,
	&text_mention_class,
	&stop_message_class,
	&and_class,
	&or_class,
	NULL,
};
