/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Which agent types get what is published (autogen_core's TypeSubscription,
 * TypePrefixSubscription, DefaultSubscription): the agent is always (agent
 * type, key = the topic's source). Overlapping ones count once.
 */
#include "agentlib/core/agent_id.h"
#include "agentlib/core/topic_id.h"
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

enum subscription_kind {
	SUBSCRIPTION_TYPE,   /* the topic's type equals topic_type */
	SUBSCRIPTION_PREFIX, /* the topic's type starts with it */
};

struct subscription {
	enum subscription_kind kind;
	const char *topic_type; /* or the prefix; NULL: "default" */
	const char *agent_type;
	const char *id; /* NULL: a new UUID */
};

/* Whether it is for this topic. */
bool subscription_matches(const struct subscription *s,
			  const struct topic_id *topic);

/* The agent for a topic: *out borrows from both. -ERR_INVALID when the topic
 * does not match. */
int subscription_map(const struct subscription *s, const struct topic_id *topic,
		     struct agent_id *out, struct err *err);

/* AutoGen's: same id, or same kind, topic type (prefix) and agent type. */
bool subscription_equal(const struct subscription *a,
			const struct subscription *b);

/* All of a runtime, in order, with what they give for topics seen lately. */
struct subscriptions;

/* An empty list. */
struct subscriptions *subscriptions_create(void);
void subscriptions_destroy(struct subscriptions *s); /* NULL is fine */

/* Adds a copy. Returns its id, which lives as long as it; NULL with
 * ERR_CONFLICT when there is an equal one, ERR_INVALID for bad types. */
const char *subscriptions_add(struct subscriptions *s,
			      const struct subscription *one, struct err *err);

/* -ERR_NOT_FOUND when there is none of that id. */
int subscriptions_remove(struct subscriptions *s, const char *id,
			 struct err *err);

/* How many, and each in the order of adding; NULL beyond the end. */
size_t subscriptions_count(const struct subscriptions *s);
/* See above; valid until the next change. */
const struct subscription *subscriptions_at(const struct subscriptions *s,
					    size_t i);

/*
 * The agent types for topics of this type, each once, in the order of the
 * subscriptions. The array is valid until the next call or change.
 */
const char *const *subscriptions_types(struct subscriptions *s,
				       const char *topic_type, size_t *count);
