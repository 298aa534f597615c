/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads, runs, shows, saves. Which failure is whose decides the exit status:
 * what happens before the first turn, and what the jail could not do, is
 * Coop's; the rest is an agent's or a model's.
 */
#include "agentlib/cmd/cli_run.h"

#include "agentlib/catalog/catalog.h"
#include "agentlib/cmd/cli_file.h"
#include "agentlib/cmd/cli_load.h"
#include "agentlib/cmd/cli_options.h"
#include "agentlib/cmd/cli_state.h"
#include "agentlib/cmd/cli_watch.h"
#include "agentlib/cmd/console.h"
#include "agentlib/cmd/ndjson.h"
#include "agentlib/cmd/say.h"
#include "agentlib/core/task.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

#define TEXT_MAX (64u * 1024 * 1024)

struct run {
	const struct cli_options *o;
	struct cli_file file;
	struct cli_team team;
	struct cli_watch watch;
	struct console console;
	char *task_text; /* NULL: goes on from the state */
	struct scope *scope;
	struct task_result result;
	bool began; /* the team has been asked */
};

static void on_notice(void *arg, const char *pointer, const char *text)
{
	const struct run *r = arg;

	if (r->o->quiet)
		return;
	if (r->o->json) {
		ndjson_notice(pointer, text);
		return;
	}
	say_line("notice: %s#%s: %s", r->file.path ? r->file.path : "built-in",
		 pointer, text);
}

static int read_task(struct run *r, struct err *err)
{
	if (!r->o->task)
		return 0;
	r->task_text = str_equal(r->o->task, "-") ? cli_file_slurp("-", err)
						  : mem_strdup(r->o->task);
	if (!r->task_text)
		return -(int)ERR_INVALID;
	if (!str_utf8_valid(r->task_text, strlen(r->task_text)))
		err_set(err, ERR_INVALID, "is not UTF-8");
	else if (!r->task_text[strspn(r->task_text, " \t\r\n")])
		err_set(err, ERR_INVALID, "is empty");
	else
		return 0;
	return err_field(err, "--task");
}

static int check_options(const struct run *r, struct err *err)
{
	if (r->o->input) {
		err_set(err, ERR_UNSUPPORTED,
			"no agent of this Coop asks a person yet");
		return err_field(err, "--input");
	}
	if (r->o->task || r->o->state)
		return 0;
	err_set(err, ERR_INVALID, "the task is missing");
	err_try(err, "--task TEXT, or --task - to read it from standard input");
	return err_field(err, "--task");
}

static int load(struct run *r, struct err *err)
{
	struct cli_source s = { .options = r->o,
				.notice = on_notice,
				.arg = r };
	int rc = r->o->file ? cli_file_read(&r->file, r->o->file, err)
			    : cli_file_text(&r->file, catalog_pair, err);

	if (rc < 0)
		return rc;
	s.node = r->file.node;
	s.pointer = r->file.pointer;
	s.file = r->file.path ? r->file.path : "built-in";
	return cli_load(&r->team, &s, err);
}

static int take_state(struct run *r, struct err *err)
{
	bool found = false;

	if (!r->o->state)
		return 0;
	if (cli_state_load(r->team.task, r->o->state, &found, err) < 0)
		return -(int)ERR_INVALID;
	if (found || r->task_text)
		return 0;
	err_set(err, ERR_NOT_FOUND, "%s does not exist, and there is no --task",
		r->o->state);
	return err_field(err, "--state");
}

/* On the fiber: the team itself, under the scope that the watch cancels. */
static int run_task(void *arg, struct err *err)
{
	struct run *r = arg;
	struct sink sink = r->o->json ? ndjson_sink()
				      : console_sink(&r->console);
	struct message *m = NULL;
	struct task_input in = { .sink = &sink, .echo = true };
	int rc;

	if (r->o->quiet && !r->o->json)
		in.sink = NULL;
	if (r->task_text) {
		m = message_new(MESSAGE_TEXT, "user", r->task_text);
		in.messages = &m;
		in.count = 1;
	}
	fiber_enter(r->scope);
	r->began = true;
	rc = task_run(r->team.task, &in, &r->result, err);
	fiber_leave(r->scope);
	message_unref(m);
	return rc;
}

static int drive(struct run *r, struct err *err)
{
	int rc = load(r, err);

	if (rc == 0)
		rc = take_state(r, err);
	if (rc < 0)
		return rc;
	r->scope = scope_create(r->team.engine, NULL, DEADLINE_NEVER);
	rc = cli_watch_start(&r->watch, r->team.engine, r->scope, r->o->time_ms,
			     err);
	if (rc == 0)
		rc = engine_run(r->team.engine, "team", run_task, r, err);
	cli_watch_stop(&r->watch);
	return rc;
}

static int status_of(const struct run *r, int rc, const struct err *err)
{
	if (r->watch.timed_out)
		return EXIT_TIME;
	if (r->watch.interrupted)
		return EXIT_CANCELLED;
	if (rc == 0)
		return EXIT_STOPPED;
	if (!r->began || str_equal(err->field, "jail") ||
	    err->code == ERR_INTERNAL || err->code == ERR_SYSTEM)
		return EXIT_COOP;
	return EXIT_AGENT;
}

/* --quiet: the text of the last chat message and nothing else. */
static void print_last(const struct run *r)
{
	size_t i = r->result.messages.count;
	struct buf text;

	while (i > 0 && !message_is_chat(r->result.messages.items[i - 1]->type))
		i--;
	if (i == 0)
		return;
	buf_init(&text, TEXT_MAX);
	message_text(r->result.messages.items[i - 1], &text);
	buf_putc(&text, '\n');
	say_out(text.data, text.len, NULL);
	buf_finish(&text);
}

/* What the run came to: last line of --json, last line of standard error. */
static void report(struct run *r, int rc, const struct err *err)
{
	const struct err *failure = rc < 0 ? err : NULL;

	if (r->began && !r->o->json && !r->o->quiet)
		console_end(&r->console);
	if (r->o->json && r->began)
		ndjson_result(&r->result, failure, NULL);
	if (r->o->quiet && !r->o->json && rc == 0)
		print_last(r);
	if (failure && r->team.faults == 0)
		say_error(failure);
	else if (!failure && r->result.stop_reason && !r->o->quiet)
		say_line("stopped: %s", r->result.stop_reason);
}

static int save_state(const struct run *r)
{
	struct err err = { 0 };

	if (!r->began || !r->o->state ||
	    cli_state_save(r->team.task, r->o->state, &err) == 0)
		return 0;
	say_error(&err);
	return -(int)err.code;
}

int cli_run(const struct cli_options *o)
{
	struct run r = { .o = o };
	struct err err = { 0 };
	int rc, status;

	console_init(&r.console);
	rc = check_options(&r, &err);
	if (rc == 0)
		rc = read_task(&r, &err);
	if (rc == 0)
		rc = drive(&r, &err);
	report(&r, rc, &err);
	status = status_of(&r, rc, &err);
	if (save_state(&r) < 0 && status == EXIT_STOPPED)
		status = EXIT_COOP;
	task_result_finish(&r.result);
	scope_unref(r.scope);
	cli_unload(&r.team);
	console_finish(&r.console);
	cli_file_finish(&r.file);
	mem_free(r.task_text);
	return status;
}
