/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `coop run` and `coop exec`: one program through the door, its output as it
 * comes, its exit status as ours. Ctrl-C cancels, twice ends at once.
 */
#include "executor/cmd/verbs.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"
#include "executor/cmd/collect_dir.h"
#include "executor/cmd/run_options.h"
#include "executor/cmd/say.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define EXIT_CANCELLED 130

typedef int fill_fn(struct run_options *o, struct coop_exec_options *out,
		    char **argv, struct err *err);

struct session {
	struct run_options o;
	struct coop *coop;
	struct coop_run *run;
	int signals; /* signalfd */
	int collect; /* folder, or -1 */
	bool ended, cancelled;
	int write_error; /* errno of the first failed write of output */
	int status;
};

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct session *s = arg;

	if (s->o.json || s->write_error)
		return;
	if (say_bytes(stream, data, len) < 0)
		s->write_error = errno;
}

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct session *s = arg;
	struct err err = { 0 };

	if (collect_dir_put(s->collect, path, fd, &err) < 0)
		say_err(&err, false);
	close(fd);
}

/* What a person wants to know beside the program's own output. */
static void report(const struct session *s, const struct coop_result *r)
{
	if (r->compile_output)
		say_bytes(STDERR_FILENO, r->compile_output,
			  strlen(r->compile_output));
	if (r->explanation && !s->o.quiet)
		fprintf(stderr, "coop: %s\n", r->explanation);
}

static void on_ended(void *arg, const struct coop_result *r,
		     const struct coop_err *e)
{
	struct session *s = arg;

	s->ended = true;
	if (!r) {
		s->status = say_coop_err(e, s->o.json);
		return;
	}
	s->status = r->exit_status;
	if (!s->o.json) {
		report(s, r);
	} else if (say_bytes(STDOUT_FILENO, r->json, strlen(r->json)) < 0 ||
		   say_bytes(STDOUT_FILENO, "\n", 1) < 0) {
		s->write_error = errno;
	}
}

/* Blocked and read as data: no handler runs in mid-step. */
static int take_signals(struct session *s, struct err *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0)
		return err_sys(err, errno, "cannot take signals");
	return 0;
}

static void on_signal(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (s->cancelled)
			_exit(EXIT_CANCELLED); /* the broker sees our end */
		s->cancelled = true;
		coop_run_cancel(s->run);
	}
}

static int drive(struct session *s, struct coop_err *err)
{
	struct pollfd p[] = {
		{ .fd = coop_fd(s->coop), .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
	};
	int rc = 0;

	while (!s->ended && rc >= 0) {
		poll(p, 2, -1);
		if (p[1].revents)
			on_signal(s);
		rc = coop_step(s->coop, 0, err);
	}
	return rc;
}

static int start(struct session *s, const struct coop_exec_options *exec,
		 struct coop_err *err)
{
	struct coop_options options = {
		.size = sizeof(options),
		.share = s->o.share,
	};
	struct coop_box_options box = run_options_box(&s->o);
	struct coop_events events = {
		.arg = s,
		.output = on_output,
		.file = s->collect >= 0 ? on_file : NULL,
		.ended = on_ended,
	};
	int rc = coop_open(&s->coop, &options, err);

	if (rc >= 0)
		rc = coop_run_start(&s->run, s->coop, &box, exec, &events, err);
	return rc;
}

static int run(struct session *s, const struct coop_exec_options *exec)
{
	struct coop_err why;
	struct err err = { 0 };

	if (s->o.collect) {
		s->collect = collect_dir_open(s->o.collect, &err);
		if (s->collect < 0)
			return say_err(&err, s->o.json);
	}
	if (take_signals(s, &err) < 0)
		return say_err(&err, s->o.json);
	if (start(s, exec, &why) < 0 || drive(s, &why) < 0)
		return say_coop_err(&why, s->o.json);
	if (s->write_error) {
		err_sys(&err, s->write_error, "cannot write the output");
		return say_err(&err, false);
	}
	return s->status;
}

static int run_verb(int argc, char **argv, const char *usage, const char *about,
		    fill_fn *fill)
{
	struct session s = { .signals = -1, .collect = -1 };
	struct option_row rows[RUN_OPTIONS_ROWS];
	struct coop_exec_options exec;
	struct err err = { 0 };
	int operand, status;

	run_options_rows(rows);
	if (run_options_parse(&s.o, argc, argv, &operand, &err) < 0) {
		status = say_err(&err, s.o.json);
	} else if (s.o.help) {
		say_help(usage, about, rows);
		status = 0;
	} else if (fill(&s.o, &exec, argv + operand, &err) < 0) {
		status = say_err(&err, s.o.json);
	} else {
		status = run(&s, &exec);
	}
	coop_close(s.coop);
	run_options_finish(&s.o);
	fd_close(&s.signals);
	fd_close(&s.collect);
	return status;
}

int cmd_run(int argc, char **argv)
{
	return run_verb(argc, argv, "coop run [OPTION…] FILE [ARG…]",
			"Runs a program in a jail. FILE - reads it from "
			"standard input. Ends with the\nprogram's own exit "
			"status; 124 time or output limit, 125 Coop failed, "
			"126 it did\nnot compile or cannot be run, 127 not "
			"found, 128+N signal N, 130 cancelled,\n137 memory "
			"limit.",
			run_options_program);
}

int cmd_exec(int argc, char **argv)
{
	return run_verb(argc, argv, "coop exec [OPTION…] -- CMD [ARG…]",
			"Runs any command in a jail. Exit status as coop run.",
			run_options_command);
}
