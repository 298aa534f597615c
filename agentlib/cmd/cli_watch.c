/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-C and SIGTERM have a handler of their own instead of the loop's signal
 * descriptor: a loop that is stuck, say in a write to a pipe that nobody reads,
 * must still end at the second one. The jails die with the connection.
 */
#include "agentlib/cmd/cli_watch.h"

#include "agentlib/cmd/say.h"
#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#define DUMP_MAX (1024u * 1024)

/* A handler has no argument; a process has one watch. */
static volatile sig_atomic_t handler_calls;
static volatile sig_atomic_t handler_fd = -1;

static void on_signal(int signo)
{
	int saved = errno;

	(void)signo;
	if (handler_calls++ > 0)
		_exit(EXIT_CANCELLED);
	if (write(handler_fd, "", 1) < 0)
		_exit(EXIT_CANCELLED);
	errno = saved;
}

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

static void on_interrupt(void *arg, uint32_t events)
{
	struct cli_watch *w = arg;

	(void)events;
	loop_watch_set(w->wake, 0);
	w->interrupted = true;
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

static int watch_signals(struct cli_watch *w, struct loop *l, struct err *err)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_RESTART };

	if (fd_pipe(w->pipe, err) < 0)
		return -ERR_SYSTEM;
	w->wake = loop_watch(l, w->pipe[0], EPOLLIN, on_interrupt, w, err);
	if (!w->wake)
		return -ERR_SYSTEM;
	handler_calls = 0;
	handler_fd = w->pipe[1];
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return loop_signal(l, SIGUSR1, on_dump, w, err);
}

int cli_watch_start(struct cli_watch *w, struct engine *e, struct scope *scope,
		    uint64_t time_ms, struct err *err)
{
	struct loop *l = engine_loop(e);

	*w = (struct cli_watch){ .engine = e,
				 .scope = scope,
				 .pipe = { -1, -1 } };
	if (time_ms > 0)
		w->timer = loop_at(l, deadline_in_ms(time_ms), on_time, w);
	return watch_signals(w, l, err);
}

/* The handler stays: what comes after the first signal ends the process, and a
 * first one in the last moments ends it too. */
void cli_watch_stop(struct cli_watch *w)
{
	handler_calls++;
	loop_timer_cancel(w->timer);
	w->timer = NULL;
	loop_signal(engine_loop(w->engine), SIGUSR1, NULL, NULL, NULL);
	loop_unwatch(w->wake);
	w->wake = NULL;
	fd_close(&w->pipe[0]);
	fd_close(&w->pipe[1]);
}
