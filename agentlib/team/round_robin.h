/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The team whose participants speak in a fixed order
 * (autogen_agentchat.teams.RoundRobinGroupChat). The order goes on from run to
 * run.
 */
#include "agentlib/core/component.h"
#include "agentlib/team/team_engine.h"

/* A team with one reference; o->name may be NULL. */
struct task *round_robin_create(struct engine *e, const struct team_options *o);

/* Its row. */
extern const struct component_class round_robin_class;
