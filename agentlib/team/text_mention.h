/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Stops when a text is mentioned, in events too
 * (autogen_agentchat.conditions.TextMentionTermination). */
#include "agentlib/core/component.h"
#include <stddef.h>

struct termination;

/* `sources`: whose messages count, copied; NULL: everybody's. One reference. */
struct termination *text_mention_create(const char *text, char *const *sources,
					size_t count);

/* Its row; config: text, sources (which AutoGen loses in its dumps). */
extern const struct component_class text_mention_class;
