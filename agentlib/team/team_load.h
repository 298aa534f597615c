/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The members that the configs of all teams have in common. */
#include "agentlib/core/component.h"
#include "agentlib/team/team_engine.h"

/* What a config says; ends with team_load_finish(). */
struct team_config {
	struct team_options options;
	struct task **participants; /* options.participants; references */
};

/* The common keys, for a NULL-ended list of known ones. */
#define TEAM_LOAD_KEYS                                                         \
	"name", "description", "participants", "termination_condition",        \
		"max_turns", "emit_team_events"

/*
 * Reads them; what is wrong becomes faults. `types`: COMPONENT_BIT()s of what
 * may take part; `name`: of the team when the config has none.
 */
void team_load(struct component_ctx *ctx, const struct json *config,
	       const char *name, unsigned types, struct team_config *out);

/* A participant may not be called like the team's manager, whose place in a
 * saved state it would take: a fault for each that is. */
void team_load_reserve(struct component_ctx *ctx, const struct team_config *c,
		       const char *manager);

/* Drops the references. */
void team_load_finish(struct team_config *c);
