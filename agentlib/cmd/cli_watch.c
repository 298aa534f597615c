/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals come through the loop. After the first one that ends the run the
 * signal's default is restored, so that the second ends the process even if
 * the loop is stuck; the jails die with the connection.
 */
#include "agentlib/cmd/cli_watch.h"

#include "agentlib/cmd/say.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include <signal.h>
#include <unistd.h>

#define DUMP_MAX (1024u * 1024)

static void dump(const struct cli_watch *w)
{
	struct buf text;

	buf_init(&text, DUMP_MAX);
	engine_dump(w->engine, &text);
	say_line("fibers, what each waits for, since when:");
	fd_write_all(STDERR_FILENO, text.data, text.len, NULL);
	buf_finish(&text);
}

static void on_dump(void *arg)
{
	dump(arg);
}

static void on_interrupt(void *arg)
{
	struct cli_watch *w = arg;
	struct loop *l = engine_loop(w->engine);

	w->interrupted = true;
	loop_signal(l, SIGINT, NULL, NULL, NULL);
	loop_signal(l, SIGTERM, NULL, NULL, NULL);
	if (isatty(STDERR_FILENO))
		say_line("cancelling; Ctrl-C again ends at once");
	scope_cancel(w->scope, "interrupted");
}

static void on_time(void *arg)
{
	struct cli_watch *w = arg;

	w->timer = NULL;
	w->timed_out = true;
	dump(w);
	scope_cancel(w->scope, "the time limit of the run has passed");
}

int cli_watch_start(struct cli_watch *w, struct engine *e, struct scope *scope,
		    uint64_t time_ms, struct err *err)
{
	struct loop *l = engine_loop(e);
	int rc;

	*w = (struct cli_watch){ .engine = e, .scope = scope };
	rc = loop_signal(l, SIGINT, on_interrupt, w, err);
	if (rc == 0)
		rc = loop_signal(l, SIGTERM, on_interrupt, w, err);
	if (rc == 0)
		rc = loop_signal(l, SIGUSR1, on_dump, w, err);
	if (rc == 0 && time_ms > 0)
		w->timer = loop_at(l, deadline_in_ms(time_ms), on_time, w);
	return rc;
}

void cli_watch_stop(struct cli_watch *w)
{
	struct loop *l = engine_loop(w->engine);

	loop_timer_cancel(w->timer);
	w->timer = NULL;
	loop_signal(l, SIGUSR1, NULL, NULL, NULL);
	if (w->interrupted)
		return;
	loop_signal(l, SIGINT, NULL, NULL, NULL);
	loop_signal(l, SIGTERM, NULL, NULL, NULL);
}
