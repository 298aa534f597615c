/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the tests of this folder share: an engine around a test's body, and a
 * trace in which fibers write what they did.
 */
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "tests/tap.h"
#include <stdint.h>

/* Runs fn(arg) on a fiber of a new engine, destroys that, returns fn's value. */
static inline int rig_run(bool virtual_clock, engine_fn *fn, void *arg)
{
	struct engine_options o = { .virtual_clock = virtual_clock };
	struct err err = { 0 };
	struct engine *e = engine_create(&o, &err);
	int rc;

	REQUIRE(e != NULL);
	rc = engine_run(e, "test", fn, arg, &err);
	engine_destroy(e);
	return rc;
}

/* Milliseconds of the running fiber's engine since `from` (ns). */
static inline uint64_t rig_ms(uint64_t from)
{
	return (engine_now_ns(fiber_engine()) - from) / CLOCK_MS;
}

/* The time of the running fiber's engine (ns), and a deadline `ms` from it. */
static inline uint64_t rig_now(void)
{
	return engine_now_ns(fiber_engine());
}
static inline struct deadline rig_in(uint64_t ms)
{
	return engine_in_ms(fiber_engine(), ms);
}

/* Starts a fiber that must start. */
static inline void rig_spawn(struct group *g, const char *name, fiber_fn *fn,
			     void *arg)
{
	struct err err;

	REQUIRE(fiber_spawn(g, name, fn, arg, &err) == 0);
}

/* A group below the running fiber's scope. */
static inline struct group *rig_group(void)
{
	return group_create(fiber_engine(), NULL);
}
