/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `coop doctor`: what this machine can enforce, what it lacks, how to get it,
 * and one jail really built, because reading files is not proof.
 */
#include "executor/cmd/verbs.h"

#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/cmd/list_options.h"
#include "executor/cmd/say.h"
#include "executor/include/executor.h"
#include "executor/jail/machine.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How the one real jail went. */
struct trial {
	bool done, worked;
	int tier;
	double ms;
	struct coop_err err;
};

static void on_ended(void *arg, const struct coop_result *r,
		     const struct coop_err *e)
{
	struct trial *t = arg;

	t->done = true;
	if (!r) {
		t->err = *e;
		return;
	}
	t->tier = r->tier;
	t->ms = r->wall_ms;
	t->worked = str_equal(r->status, "ok");
	if (!t->worked)
		snprintf(t->err.text, sizeof(t->err.text),
			 "the program \"true\" ended as %s", r->status);
}

/* Any tier will do: the point is to see which one it is. */
static void try_jail(struct trial *t, const char *share, const char *profile)
{
	static const char *const argv[] = { "/usr/bin/true", NULL };
	struct coop_options options = { sizeof(options), NULL, share };
	struct coop_box_options box = {
		.size = sizeof(box),
		.profile = profile,
		.tier = 3,
	};
	struct coop_exec_options exec = { .size = sizeof(exec), .argv = argv };
	struct coop_events events = { .arg = t, .ended = on_ended };
	struct coop *coop;

	if (coop_open(&coop, &options, &t->err) < 0)
		return;
	if (coop_run_start(NULL, coop, &box, &exec, &events, &t->err) >= 0)
		coop_wait(coop, &t->done, &t->err);
	coop_close(coop);
}

/* A box with a list of hosts is made only when its proxy stands. */
static void try_proxy(struct machine_fact *fact, const char *share)
{
	struct trial t = { 0 };

	try_jail(&t, share, "net-allowlist");
	*fact = (struct machine_fact){ .name = "network proxy",
				       .ok = t.worked };
	snprintf(fact->text, sizeof(fact->text), "%.250s",
		 t.worked ? "profiles that allow hosts can be used"
			  : t.err.text);
}

static void show_json(const struct machine_fact *facts, unsigned count,
		      const struct trial *t)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 256 * 1024);
	jw_init(&w, &out);
	jw_object(&w);
	jw_key(&w, "tier");
	if (t->worked)
		jw_int(&w, t->tier);
	else
		jw_null(&w);
	jw_kstring(&w, "error", t->worked ? NULL : t->err.text);
	jw_kstring(&w, "remedy", *t->err.remedy ? t->err.remedy : NULL);
	jw_key(&w, "facts");
	jw_array(&w);
	for (unsigned i = 0; i < count; i++) {
		jw_object(&w);
		jw_kstring(&w, "name", facts[i].name);
		jw_kbool(&w, "ok", facts[i].ok);
		jw_kstring(&w, "text", facts[i].text);
		jw_kstring(&w, "remedy", facts[i].remedy);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	jw_end_object(&w);
	buf_putc(&out, '\n');
	say_bytes(STDOUT_FILENO, out.data, out.len);
	buf_finish(&out);
}

static void show_text(const struct machine_fact *facts, unsigned count,
		      const struct trial *t)
{
	for (unsigned i = 0; i < count; i++) {
		printf("%s %-20s %s\n", facts[i].ok ? "ok  " : "LACK",
		       facts[i].name, facts[i].text);
		if (!facts[i].ok && facts[i].remedy)
			printf("     %-20s Try: %s\n", "", facts[i].remedy);
	}
	if (t->worked) {
		printf("\nA jail was built and a program ran in it: tier %d.\n",
		       t->tier);
		return;
	}
	printf("\nNo jail could be built: %s\n", t->err.text);
	if (*t->err.remedy)
		printf("Try: %s\n", t->err.remedy);
}

int cmd_doctor(int argc, char **argv)
{
	struct machine_fact *facts;
	struct machine *machine;
	struct trial trial = { 0 };
	struct list_options o;
	unsigned count;
	int status = list_options_parse(&o, argc, argv, "coop doctor [--json]",
					"Says what this machine can enforce, "
					"and how to get more. Ends with 0 if\n"
					"a jail could be built, else 1.");

	if (status >= 0)
		return status;
	facts = mem_zero(MACHINE_FACTS_MAX, sizeof(*facts));
	machine = mem_new(struct machine);
	machine_probe(machine);
	machine_probe_userns(machine);
	count = machine_facts(machine, facts);
	try_jail(&trial, o.share, NULL);
	if (trial.worked && count < MACHINE_FACTS_MAX)
		try_proxy(&facts[count++], o.share);
	if (o.json)
		show_json(facts, count, &trial);
	else
		show_text(facts, count, &trial);
	mem_free(machine);
	mem_free(facts);
	return trial.worked ? 0 : 1;
}
