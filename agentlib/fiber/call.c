/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slot dies with the later of its two ends; whoever comes second finds out
 * whether the value was wanted.
 */
#include "agentlib/fiber/call.h"
#include "agentlib/fiber/fiber.h"
#include "executor/base/mem.h"

struct call {
	struct wait wait;
	void (*drop)(void *value);
	void *value;
	struct err *failure; /* NULL: it went well */
	bool replied, left;
};

struct call *call_create(const char *what, void (*drop)(void *value))
{
	struct call *c = mem_new(struct call);

	wait_init(&c->wait, what);
	c->drop = drop;
	return c;
}

static void call_free(struct call *c)
{
	if (c->value && c->drop)
		c->drop(c->value);
	mem_free(c->failure);
	mem_free(c);
}

static void call_replied(struct call *c)
{
	c->replied = true;
	if (c->left)
		call_free(c);
	else
		wait_wake(&c->wait);
}

void call_reply(struct call *c, void *value)
{
	c->value = value;
	call_replied(c);
}

void call_fail(struct call *c, const struct err *err)
{
	c->failure = mem_copy(err, sizeof(*err));
	call_replied(c);
}

bool call_abandoned(const struct call *c)
{
	return c->left;
}

void call_abandon(struct call *c)
{
	if (!c)
		return;
	c->left = true;
	if (c->replied)
		call_free(c);
}

int call_wait(struct call *c, struct deadline d, void **value, struct err *err)
{
	int rc = fiber_wait(&c->wait, d, err);

	if (rc == 0 && c->failure) {
		if (err)
			*err = *c->failure;
		rc = -(int)c->failure->code;
	} else if (rc == 0) {
		*value = mem_take(c->value);
	}
	call_abandon(c);
	return rc;
}
