/* SPDX-License-Identifier: Apache-2.0 */
/* AutoGen gives each the original and takes the last one's word; here they
 * chain, and the first that drops or refuses ends it. */
#include "agentlib/core/intervention.h"

#include "executor/base/mem.h"

void interventions_add(struct interventions *c, const struct intervention *i)
{
	c->items = mem_resize(c->items, c->count + 1, sizeof(*c->items));
	c->items[c->count++] = *i;
}

void interventions_finish(struct interventions *c)
{
	mem_free(c->items);
	c->items = NULL;
	c->count = 0;
}

static intervention_fn *which(const struct intervention *i,
			      enum intervention_kind k)
{
	if (k == INTERVENE_SEND)
		return i->send;
	return k == INTERVENE_PUBLISH ? i->publish : i->respond;
}

int interventions_run(const struct interventions *c, enum intervention_kind k,
		      const struct intervention_case *at, struct payload **p,
		      struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->count; i++) {
		/* By value: one that waits may see another added. */
		const struct intervention one = c->items[i];
		intervention_fn *fn = which(&one, k);

		if (fn)
			rc = fn(one.arg, at, p, err);
	}
	return rc;
}
