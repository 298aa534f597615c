/* SPDX-License-Identifier: Apache-2.0 */
/* What all termination conditions have in common: fired once until reset. */
#include "agentlib/core/termination.h"

#include "agentlib/core/component_origin.h"

int termination_check(struct termination *t, struct message *const *delta,
		      size_t count, struct message **stop, struct err *err)
{
	int r;

	if (t->terminated)
		return err_set(err, ERR_CONFLICT,
			       "Termination condition has already been reached");
	*stop = NULL;
	r = t->ops->check(t, delta, count, stop, err);
	if (r == 0 && *stop)
		t->terminated = true;
	return r;
}

void termination_reset(struct termination *t)
{
	t->terminated = false;
	if (t->ops->reset)
		t->ops->reset(t);
}

struct termination *termination_ref(struct termination *t)
{
	if (t)
		t->refs++;
	return t;
}

void termination_unref(struct termination *t)
{
	if (!t || --t->refs > 0)
		return;
	component_origin_free(t->origin);
	t->ops->destroy(t);
}
