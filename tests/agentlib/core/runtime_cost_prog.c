/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message and an idle agent cost: prints nanoseconds and bytes, judges
 * nothing. For people who change the runtime.
 */
#include "agentlib/core/runtime.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "executor/base/clock.h"
#include "executor/base/mem.h"
#include <malloc.h>
#include <stdio.h>

#define MESSAGES 1000000
#define AGENTS 100000

static int answer(void *state, const struct turn *t, struct payload *p,
		  struct payload **out, struct err *err)
{
	*out = payload_ref(p);
	return 0;
}

static int relay(void *state, const struct turn *t, struct payload *p,
		 struct payload **out, struct err *err)
{
	struct request r = { t, { "echo", "x" }, p, NULL, false };
	int rc = 0;

	for (int i = 0; rc == 0 && i < MESSAGES; i++) {
		struct payload *back = NULL;

		rc = runtime_send(t->runtime, &r, &back, err);
		payload_unref(back);
	}
	return rc;
}

static int pass(void *arg, const struct intervention_case *at,
		struct payload **p, struct err *err)
{
	return 0;
}

static const struct agent_class echo_class = { .handle = answer };
static const struct agent_class relay_class = { .handle = relay };

static uint64_t report(const char *what, uint64_t from, uint64_t count)
{
	printf("%-40s %8.1f ns\n", what,
	       (double)(clock_now_ns() - from) / (double)count);
	return clock_now_ns();
}

static int requests(struct runtime *rt, struct payload *p, struct err *err)
{
	struct request r = { NULL, { "echo", "x" }, p, NULL, false };
	struct request inner = { NULL, { "relay", "x" }, p, NULL, false };
	uint64_t from = clock_now_ns();
	int rc = 0;

	for (int i = 0; rc == 0 && i < MESSAGES; i++) {
		struct payload *back = NULL;

		rc = runtime_send(rt, &r, &back, err);
		payload_unref(back);
	}
	from = report("request from outside", from, MESSAGES);
	rc = runtime_send(rt, &inner, NULL, err);
	report("request from a handler", from, MESSAGES);
	return rc;
}

static int publications(struct runtime *rt, struct payload *p, int agents,
			struct err *err)
{
	struct publication pub = { .topic = { "news", "x" }, .payload = p };
	char what[64];
	uint64_t from;
	int rc;

	for (int i = 0; i < agents; i++) {
		_auto_free_ char *name = mem_printf("reader%d", i);
		struct agent_type t = { name, &echo_class, NULL, true };
		struct subscription s = { SUBSCRIPTION_TYPE, "news", name };

		if (runtime_register(rt, &t, NULL) == 0)
			runtime_subscribe(rt, &s, NULL);
	}
	from = clock_now_ns();
	for (int i = 0; i < MESSAGES / agents; i++) {
		rc = runtime_publish(rt, &pub, err);
		if (rc < 0 || (rc = runtime_stop_when_idle(rt, err)) < 0 ||
		    (rc = runtime_start(rt, err)) < 0)
			return rc;
	}
	snprintf(what, sizeof(what), "delivery to one of %d agents", agents);
	report(what, from, MESSAGES);
	return 0;
}

static int idle_agents(struct runtime *rt, struct err *err)
{
	size_t before = mallinfo2().uordblks + mallinfo2().hblkhd, after;

	for (int i = 0; i < AGENTS; i++) {
		char key[32];
		struct agent_id id = { "echo", key };
		int rc;

		snprintf(key, sizeof(key), "agent-%08d", i);
		rc = runtime_instance(rt, &id, NULL, NULL, err);
		if (rc < 0)
			return rc;
	}
	after = mallinfo2().uordblks + mallinfo2().hblkhd;
	printf("%-40s %8.1f bytes\n", "idle agent of 100,000",
	       (double)(after - before) / AGENTS);
	return 0;
}

static int body(void *arg, struct err *err)
{
	struct runtime *rt = runtime_create(fiber_engine(), NULL);
	struct agent_type echo = { "echo", &echo_class, NULL, false };
	struct agent_type rel = { "relay", &relay_class, NULL, false };
	struct intervention i = { pass, pass, pass, NULL };
	struct payload *p = payload_json("Ping", "{}");
	int rc;

	runtime_intervene(rt, &i);
	if ((rc = runtime_register(rt, &echo, err)) == 0 &&
	    (rc = runtime_register(rt, &rel, err)) == 0 &&
	    (rc = runtime_start(rt, err)) == 0 &&
	    (rc = requests(rt, p, err)) == 0 &&
	    (rc = publications(rt, p, 1, err)) == 0 &&
	    (rc = publications(rt, p, 10, err)) == 0 &&
	    (rc = publications(rt, p, 1000, err)) == 0)
		rc = idle_agents(rt, err);
	payload_unref(p);
	runtime_destroy(rt);
	return rc;
}

int main(void)
{
	struct err err = { 0 };
	struct engine *e = engine_create(NULL, &err);
	int rc = e ? engine_run(e, "cost", body, NULL, &err) : -1;

	if (rc < 0)
		printf("failed: %s\n", err.text);
	engine_destroy(e);
	return rc < 0;
}
