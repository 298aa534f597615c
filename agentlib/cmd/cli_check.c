/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two passes: every object with a provider is listed as the catalog has it,
 * then the loader is let loose on the file, starting nothing, for its faults.
 */
#include "agentlib/cmd/cli_check.h"

#include "agentlib/catalog/catalog.h"
#include "agentlib/cmd/cli_file.h"
#include "agentlib/cmd/cli_load.h"
#include "agentlib/cmd/cli_options.h"
#include "agentlib/cmd/say.h"
#include "agentlib/core/component.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stdio.h>

#define LINE_MAX_BYTES (64u * 1024)

struct check {
	const struct cli_options *o;
	struct component_ctx ctx; /* for component_find() only */
	const char *file;
	unsigned components;
};

/* One line: pointer, provider, "runs" | "served" | "not run" | "unknown", why. */
struct row {
	const char *pointer, *provider, *state, *why;
};

static void print_row(const struct check *c, const struct row *r)
{
	struct json_writer w;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	if (c->o->json) {
		jw_init(&w, &line);
		jw_object(&w);
		jw_kstring(&w, "type", "Component");
		jw_kstring(&w, "pointer", r->pointer);
		jw_kstring(&w, "provider", r->provider);
		jw_kstring(&w, "state", r->state);
		jw_kstring(&w, "why", r->why);
		jw_end_object(&w);
	} else {
		buf_printf(&line, "%s\n    %s: %s%s%s",
			   *r->pointer ? r->pointer : "(whole file)",
			   r->provider, r->state, r->why ? ": " : "",
			   r->why ? r->why : "");
	}
	buf_putc(&line, '\n');
	say_out(line.data, line.len, NULL);
	buf_finish(&line);
}

static void list_one(struct check *c, const char *pointer, const char *provider)
{
	const struct component_class *cls = component_find(&c->ctx, provider);
	struct row row = { .pointer = pointer, .provider = provider };

	c->components++;
	if (!cls) {
		row.state = "unknown";
	} else if (!cls->load) {
		row.state = "not run";
		row.why = cls->not_run;
	} else if (cls->served_by) {
		row.state = "served";
		row.why = cls->served_by;
	} else {
		row.state = "runs";
	}
	print_row(c, &row);
}

/* Lists every component below `j`; the JSON reader bounds the depth. */
static void list_below(struct check *c, const char *pointer,
		       const struct json *j)
{
	const char *provider = json_string(json_get(j, "provider"));
	size_t index = 0;

	if (provider)
		list_one(c, pointer, provider);
	if (!json_is(j, JSON_OBJECT) && !json_is(j, JSON_ARRAY))
		return;
	for (const struct json *m = json_child(j); m; m = json_next(m)) {
		_auto_free_ char *below = NULL;
		char key[256];

		if (json_is(j, JSON_OBJECT))
			component_escape(json_key(m), key, sizeof(key));
		else
			snprintf(key, sizeof(key), "%zu", index++);
		below = mem_printf("%s/%s", pointer, key);
		list_below(c, below, m);
	}
}

static void print_event(const struct check *c, const char *type,
			const char *pointer, const char *text)
{
	struct json_writer w;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	jw_init(&w, &line);
	jw_object(&w);
	jw_kstring(&w, "type", type);
	jw_kstring(&w, "pointer", pointer);
	jw_kstring(&w, "text", text);
	jw_end_object(&w);
	buf_putc(&line, '\n');
	say_out(line.data, line.len, NULL);
	buf_finish(&line);
}

static void on_notice(void *arg, const char *pointer, const char *text)
{
	const struct check *c = arg;

	if (c->o->json)
		print_event(c, "Notice", pointer, text);
	else
		say_line("notice: %s#%s: %s", c->file, pointer, text);
}

static void on_fault(void *arg, const char *pointer, const char *text)
{
	const struct check *c = arg;

	if (c->o->json)
		print_event(c, "Fault", pointer, text);
}

static int check_file(struct check *c, const struct cli_file *f,
		      struct err *err)
{
	struct cli_source s = {
		.options = c->o,
		.node = f->node,
		.file = f->path,
		.pointer = f->pointer,
		.notice = on_notice,
		.fault = on_fault,
		.arg = c,
		.check_only = true,
	};
	struct cli_team team = { 0 };
	int rc;

	list_below(c, f->pointer, f->node);
	rc = cli_load(&team, &s, err);
	if (rc < 0 && team.faults == 0)
		say_error(err);
	cli_unload(&team);
	return rc;
}

int cli_check(const struct cli_options *o)
{
	struct check c = { .o = o, .ctx = { .floors = catalog_floors } };
	struct cli_file file = { 0 };
	struct err err = { 0 };
	int rc = cli_file_read(&file, o->file, &err);

	if (rc < 0) {
		say_error(&err);
		return EXIT_COOP;
	}
	c.file = file.path;
	rc = check_file(&c, &file, &err);
	if (!o->json)
		say_line("%s: %u components, %s", file.path, c.components,
			 rc < 0 ? "it would not run" : "it runs");
	cli_file_finish(&file);
	return rc < 0 ? EXIT_COOP : EXIT_STOPPED;
}
