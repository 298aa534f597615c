/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Those who may look at, replace, drop or refuse every message of a runtime
 * (autogen_core.InterventionHandler). They chain: each gets what the one before
 * it gave.
 */
#include "agentlib/core/agent_id.h"
#include "agentlib/core/payload.h"
#include "agentlib/core/topic_id.h"
#include "executor/base/err.h"

/* Who and where; borrowed for the call. */
struct intervention_case {
	const struct agent_id *sender;   /* NULL: from outside */
	const struct agent_id *receiver; /* NULL for publications, and for
					    responses to outside */
	const struct topic_id *topic;    /* publications only */
};

/* What they return besides 0 (go on) and a negative error. */
#define INTERVENTION_DROP 1

/*
 * `*p` is a reference that the handler may replace: it drops the old one then.
 * May wait; requests and publications are on the sender's fiber, responses on
 * the answering one. *p may be NULL in a response.
 */
typedef int intervention_fn(void *arg, const struct intervention_case *at,
			    struct payload **p, struct err *err);

struct intervention {
	intervention_fn *send, *publish, *respond; /* NULL: let pass */
	void *arg;
};

enum intervention_kind { INTERVENE_SEND, INTERVENE_PUBLISH, INTERVENE_RESPOND };

/* A chain, in the order of adding. Zeroed is empty. */
struct interventions {
	struct intervention *items;
	size_t count;
};
void interventions_add(struct interventions *c, const struct intervention *i);
void interventions_finish(struct interventions *c);

/* Puts *p through the chain: 0, INTERVENTION_DROP, or the first error; *p stays
 * the caller's reference in every case. */
int interventions_run(const struct interventions *c, enum intervention_kind k,
		      const struct intervention_case *at, struct payload **p,
		      struct err *err);
