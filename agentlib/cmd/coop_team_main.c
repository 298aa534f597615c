/* SPDX-License-Identifier: Apache-2.0 */
/* coop-team: reached as `coop team`. Verbs to their files; nothing else. */
#include "agentlib/catalog/catalog.h"
#include "agentlib/cmd/cli_check.h"
#include "agentlib/cmd/cli_options.h"
#include "agentlib/cmd/cli_run.h"
#include "agentlib/cmd/say.h"
#include "executor/base/buf.h"
#include "executor/base/str.h"
#include <signal.h>
#include <string.h>

#define HELP_MAX (64u * 1024)

static int print_help(const struct cli_verb *verb)
{
	struct buf text;
	int rc;

	buf_init(&text, HELP_MAX);
	cli_help(verb, &text);
	rc = say_out(text.data, text.len, NULL);
	buf_finish(&text);
	return rc < 0 ? EXIT_COOP : EXIT_STOPPED;
}

static int run_verb(const struct cli_verb *verb, const struct cli_options *o)
{
	if (o->help)
		return print_help(verb);
	if (str_equal(verb->name, "run"))
		return cli_run(o);
	if (str_equal(verb->name, "check"))
		return cli_check(o);
	return say_out(catalog_pair, strlen(catalog_pair), NULL) < 0
		       ? EXIT_COOP
		       : EXIT_STOPPED;
}

/* A handler instead of SIG_IGN: programs that are started begin with the
 * default again. */
static void on_pipe(int signo)
{
	(void)signo;
}

int main(int argc, char **argv)
{
	struct sigaction pipe_action = { .sa_handler = on_pipe };
	const struct cli_verb *verb;
	struct cli_options o = { 0 };
	struct err err = { 0 };
	int status;

	sigaction(SIGPIPE, &pipe_action, NULL);
	if (argc < 2 || str_equal(argv[1], "--help") ||
	    str_equal(argv[1], "-h") || str_equal(argv[1], "help")) {
		status = print_help(NULL);
		return argc < 2 ? EXIT_COOP : status;
	}
	verb = cli_verb_find(argv[1], &err);
	if (!verb ||
	    cli_options_parse(verb, argc - 1, argv + 1, &o, &err) < 0) {
		say_error(&err);
		return EXIT_COOP;
	}
	status = run_verb(verb, &o);
	cli_options_finish(&o);
	return status;
}
