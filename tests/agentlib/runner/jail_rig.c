/* SPDX-License-Identifier: Apache-2.0 */
/* See jail_rig.h. */
#include "tests/agentlib/runner/jail_rig.h"

#include "agentlib/fiber/engine.h"
#include "tests/agentlib/runner/folder.h"
#include "tests/tap.h"
#include <stdlib.h>
#include <string.h>

void jail_rig_start(struct jail_rig *r)
{
	setenv("COOP_LIBEXEC", tap_build("libexec/coop"), 1);
	setenv("COOP_SHARE", tap_build("share/coop"), 1);
	memset(r, 0, sizeof(*r));
	r->engine = engine_create(NULL, NULL);
	REQUIRE(r->engine);
	r->dir = folder_enter();
}

void jail_rig_make(struct jail_rig *r, const struct jail_options *o)
{
	r->x = jail_create(r->engine, o, NULL, NULL);
}

static int stop_fn(void *arg, struct err *err)
{
	return code_executor_stop(arg, err);
}

void jail_rig_stop(struct jail_rig *r)
{
	CHECK(engine_run(r->engine, "stop", stop_fn, r->x, NULL) == 0);
	code_executor_unref(r->x);
	engine_destroy(r->engine);
}

int jail_rig_job(void *arg, struct err *err)
{
	struct jail_rig_job *j = arg;
	struct code_run run = { .blocks = j->blocks,
				.count = j->count,
				.output = j->output,
				.arg = j->arg };

	return code_executor_execute(j->x, &run, &j->result, err);
}

int jail_rig_run_job(struct jail_rig *r, struct jail_rig_job *j)
{
	j->x = r->x;
	return engine_run(r->engine, "job", jail_rig_job, j, &j->err);
}

struct code_result *jail_rig_run(struct jail_rig *r, const char *language,
				 const char *code)
{
	static struct jail_rig_job j;
	int rc;

	code_result_finish(&j.result);
	j = (struct jail_rig_job){ .count = 1 };
	j.blocks[0] = (struct code_block){ (char *)code, (char *)language };
	rc = jail_rig_run_job(r, &j);
	if (rc < 0)
		tap_note("%s: %s", j.err.field, j.err.text);
	REQUIRE(rc == 0);
	return &j.result;
}
