/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `coop plan`: the arguments of run or exec, and what would be built for them.
 * Starts nothing, needs no rights.
 */
#include "executor/cmd/verbs.h"

#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/str.h"
#include "executor/cmd/run_options.h"
#include "executor/cmd/say.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* {"plan":[…one line each…]} */
static void print_json(char *text)
{
	struct json_writer w;
	struct buf out;
	char *line;

	buf_init(&out, 16 * 1024 * 1024);
	jw_init(&w, &out);
	jw_object(&w);
	jw_key(&w, "plan");
	jw_array(&w);
	while ((line = strsep(&text, "\n")))
		if (*line)
			jw_string(&w, line);
	jw_end_array(&w);
	jw_end_object(&w);
	buf_putc(&out, '\n');
	say_bytes(STDOUT_FILENO, out.data, out.len);
	buf_finish(&out);
}

static int print_plan(struct run_options *o,
		      const struct coop_exec_options *exec)
{
	struct coop_options options = {
		.size = sizeof(options),
		.share = o->share,
	};
	struct coop_box_options box = run_options_box(o);
	struct coop_err why;
	struct coop *coop;
	char *text;
	int status = 0;

	if (coop_open(&coop, &options, &why) < 0)
		return say_coop_err(&why, o->json);
	text = coop_plan(coop, &box, exec, &why);
	if (text && o->json)
		print_json(text);
	else if (text)
		say_bytes(STDOUT_FILENO, text, strlen(text));
	else
		status = say_coop_err(&why, o->json);
	coop_free(text);
	coop_close(coop);
	return status;
}

/* With `--` before it the first word is a command, else a program's file. */
static int fill(struct run_options *o, struct coop_exec_options *exec,
		char **argv, int operand, struct err *err)
{
	o->input = "none"; /* nothing runs: nothing is read */
	if (argv[operand] && str_equal(argv[operand - 1], "--"))
		return run_options_command(o, exec, argv + operand, err);
	return run_options_program(o, exec, argv + operand, err);
}

int cmd_plan(int argc, char **argv)
{
	struct option_row rows[RUN_OPTIONS_ROWS];
	struct coop_exec_options exec;
	struct run_options o;
	struct err err = { 0 };
	int operand, status = 0;

	run_options_rows(rows);
	if (run_options_parse(&o, argc, argv, &operand, &err) < 0)
		status = say_err(&err, o.json);
	else if (o.help)
		say_help("coop plan [OPTION…] FILE [ARG…]\n"
			 "       coop plan [OPTION…] -- CMD [ARG…]",
			 "Prints the jail that coop run or coop exec would "
			 "build. Starts nothing.",
			 rows);
	else if (fill(&o, &exec, argv, operand, &err) < 0)
		status = say_err(&err, o.json);
	else
		status = print_plan(&o, &exec);
	run_options_finish(&o);
	return status;
}
