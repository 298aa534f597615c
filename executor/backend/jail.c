/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boxes by Coop's broker. Only names and types change here: struct backend_conn
 * is a struct broker, struct backend_box a struct broker_box.
 */
#include "executor/backend/jail.h"

#include "executor/base/mem.h"
#include "executor/jail/machine.h"
#include "executor/jail/plan.h"

static struct broker_box *box(struct backend_box *x)
{
	return (struct broker_box *)x;
}

static int jail_open(struct backend_conn **out, struct loop *l,
		     const struct backend_options *o, struct err *err)
{
	_auto_free_ char *program = mem_printf("%s/broker", o->libexec);
	struct broker_options options = {
		.program = program,
		.share = o->share,
	};
	struct broker *b;
	int rc = broker_start(&b, l, &options, err);

	if (rc >= 0)
		*out = (struct backend_conn *)b;
	return rc;
}

static void jail_close(struct backend_conn *c)
{
	broker_stop((struct broker *)c);
}

static int jail_plan(struct buf *out, const struct profile *p,
		     const struct limits *limits, int tier, struct err *err)
{
	struct machine *machine = mem_new(struct machine);
	struct plan *plan = mem_new(struct plan);
	int rc;

	machine_probe(machine);
	rc = plan_make(plan, p, limits, machine, err);
	if (rc >= 0)
		rc = plan_accept(plan, tier, err);
	if (rc >= 0)
		plan_format(plan, out);
	mem_free(plan);
	mem_free(machine);
	return rc;
}

static int jail_make(struct backend_box **out, struct backend_conn *c,
		     const struct backend_wish *w, struct err *err)
{
	struct broker_box *x;
	const struct broker_wish wish = {
		.profile = w->profile,
		.limits = w->limits,
		.tier = w->tier,
		.no_network = w->no_network,
		.events = w->events,
	};
	int rc = broker_box_make(&x, (struct broker *)c, &wish, err);

	if (rc >= 0)
		*out = (struct backend_box *)x;
	return rc;
}

static void jail_end(struct backend_box *x)
{
	broker_box_end(box(x));
}

static int jail_start(struct backend_box *x, const struct broker_program *p,
		      struct err *err)
{
	return broker_box_start(box(x), p, err);
}

static int jail_kill(struct backend_box *x, enum reason why, struct err *err)
{
	return broker_box_kill(box(x), why, err);
}

static int jail_file_open(struct backend_box *x, const struct backend_file *f,
			  broker_file_fn *fn, void *arg, struct err *err)
{
	const struct broker_open o = { f->path, f->flags, f->mode };

	return broker_file_open(box(x), &o, fn, arg, err);
}

static int jail_file_list(struct backend_box *x, const char *dir,
			  broker_entry_fn *entry, broker_done_fn *done,
			  void *arg, struct err *err)
{
	return broker_file_list(box(x), dir, entry, done, arg, err);
}

static int jail_file_mkdir(struct backend_box *x, const char *path,
			   broker_done_fn *done, void *arg, struct err *err)
{
	return broker_file_mkdir(box(x), path, done, arg, err);
}

static int jail_file_remove(struct backend_box *x, const char *path,
			    broker_done_fn *done, void *arg, struct err *err)
{
	return broker_file_remove(box(x), path, done, arg, err);
}

const struct backend jail_backend = {
	.name = "jail",
	.summary = "namespaces, cgroups, seccomp, Landlock on this machine",
	.open = jail_open,
	.close = jail_close,
	.plan = jail_plan,
	.make = jail_make,
	.end = jail_end,
	.start = jail_start,
	.kill = jail_kill,
	.file_open = jail_file_open,
	.file_list = jail_file_list,
	.file_mkdir = jail_file_mkdir,
	.file_remove = jail_file_remove,
};
