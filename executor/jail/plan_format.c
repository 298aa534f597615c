/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as text for people and goldens: one step a line, stable order. */
#include "executor/jail/plan.h"

#include "executor/base/buf.h"

#include <inttypes.h>
#include <string.h>

static const char *const phase_names[PLAN_PHASES] = {
	[PLAN_ROOT] = "root",
	[PLAN_BOX] = "box",
	[PLAN_GROUP] = "group",
	[PLAN_PROCESS] = "process",
};

const char *plan_phase_name(enum plan_phase phase)
{
	return phase_names[phase];
}

static void format_file(const struct step *s, struct buf *out)
{
	/* the content would break the lines */
	buf_printf(out, " %s (%zu bytes)", s->path, strlen(s->arg));
}

static void format_number(const struct step *s, struct buf *out)
{
	switch (s->kind) {
	case STEP_DIR:
	case STEP_SHARE:
		buf_printf(out, " mode=%04" PRIo64, s->n);
		break;
	case STEP_SECCOMP:
		buf_puts(out, s->n ? " naming refusals" : "");
		break;
	case STEP_BIND:
		buf_puts(out, s->n ? " ro optional" : " ro");
		break;
	case STEP_NEWROOT:
	case STEP_STORE:
		buf_printf(out, " bytes=%" PRIu64 " files=%" PRIu64, s->n,
			   s->m);
		break;
	case STEP_MAP:
	case STEP_LIMIT:
	case STEP_RLIMIT:
	case STEP_IDS:
	case STEP_INIT:
	case STEP_LANDLOCK:
		buf_printf(out, " %" PRIu64, s->n);
		break;
	default:
		break;
	}
}

static void format_step(const struct step *s, struct buf *out)
{
	buf_printf(out, "  %s", step_name(s->kind));
	if (s->kind == STEP_FILE) {
		format_file(s, out);
	} else {
		if (s->path)
			buf_printf(out, " %s", s->path);
		if (s->kind == STEP_LINK)
			buf_puts(out, " ->");
		if (s->arg)
			buf_printf(out, " %s", s->arg);
		format_number(s, out);
	}
	buf_putc(out, '\n');
}

void plan_format(const struct plan *plan, struct buf *out)
{
	buf_printf(out, "tier %d\nmissing", plan->tier);
	if (!plan->missing)
		buf_puts(out, " nothing");
	for (int i = 0; i < WALL_COUNT; i++)
		if (plan->missing & (1U << i))
			buf_printf(out, " %s", wall_name(i));
	buf_putc(out, '\n');
	for (int ph = 0; ph < PLAN_PHASES; ph++) {
		buf_printf(out, "%s\n", phase_names[ph]);
		for (unsigned i = plan->first[ph]; i < plan->first[ph + 1]; i++)
			format_step(&plan->steps[i], out);
	}
}
