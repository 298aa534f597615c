/* SPDX-License-Identifier: Apache-2.0 */
/* The rows. An option belongs here even if only one verb knows it. */
#include "agentlib/cmd/cli_options.h"

#include "executor/base/buf.h"
#include "executor/base/str.h"
#include <stddef.h>

#define AT(member) offsetof(struct cli_options, member)
#define HELP_ROW                                                               \
	{                                                                      \
		"help", 'h', OPTION_FLAG, AT(help), NULL, "shows this"         \
	}

static const struct option_row run_rows[] = {
	{ "task", 't', OPTION_STRING, AT(task), "TEXT|-",
	  "what the team is to do; - reads it from standard input" },
	{ "file", 'f', OPTION_LIST, AT(files), "SRC[:DST]",
	  "puts a file or folder into /workspace" },
	{ "collect", 0, OPTION_STRING, AT(collect), "DIR",
	  "files that programs make are copied there" },
	{ "model", 'm', OPTION_STRING, AT(model), "NAME",
	  "replaces every model of the file" },
	{ "base-url", 0, OPTION_STRING, AT(base_url), "URL",
	  "replaces every model's address" },
	{ "backend", 0, OPTION_STRING, AT(backend), "NAME",
	  "where code runs; jail unless said otherwise" },
	{ "profile", 0, OPTION_STRING, AT(profile), "NAME",
	  "sandbox profile of the code executors; agent unless said otherwise" },
	{ "max-turns", 0, OPTION_UINT, AT(max_turns), "N",
	  "ends the team after so many turns", 1, 1000000 },
	{ "time", 0, OPTION_TIME, AT(time_ms), "10m",
	  "ends the team after so long, with exit status 124" },
	{ "input", 0, OPTION_STRING, AT(input), "FILE",
	  "a person's answers, a line each" },
	{ "state", 0, OPTION_STRING, AT(state), "FILE",
	  "goes on from this state if it exists, and writes it at the end" },
	{ "json", 0, OPTION_FLAG, AT(json), NULL,
	  "one JSON object a line on standard output" },
	{ "quiet", 'q', OPTION_FLAG, AT(quiet), NULL,
	  "only the last message's text; no notices" },
	HELP_ROW,
	{ 0 },
};

static const struct option_row check_rows[] = {
	{ "json", 0, OPTION_FLAG, AT(json), NULL,
	  "one JSON object a line on standard output" },
	{ "backend", 0, OPTION_STRING, AT(backend), "NAME",
	  "where code would run" },
	HELP_ROW,
	{ 0 },
};

static const struct option_row new_rows[] = {
	HELP_ROW,
	{ 0 },
};

const struct cli_verb cli_verbs[] = {
	{ "run", "run [FILE[#POINTER]] --task TEXT|- [options]",
	  "runs a team; without FILE an assistant and a code executor",
	  run_rows, 1, false },
	{ "check", "check FILE[#POINTER] [--json]",
	  "says which parts of a file run, and what is wrong with it",
	  check_rows, 1, true },
	{ "new", "new", "prints the built-in team to start from", new_rows, 0,
	  false },
	{ 0 },
};

const struct cli_verb *cli_verb_find(const char *name, struct err *err)
{
	const char *names[8] = { NULL };
	const char *near;
	size_t n = 0;

	for (const struct cli_verb *v = cli_verbs; v->name; v++) {
		if (str_equal(v->name, name))
			return v;
		names[n++] = v->name;
	}
	err_set(err, ERR_UNKNOWN, "\"%.100s\" is not known", name);
	near = str_nearest(name, names);
	err_try(err, "coop team %s", near ? near : "--help");
	err_field(err, "verb");
	return NULL;
}

static int take_operand(const struct cli_verb *verb, struct cli_options *o,
			unsigned *count, const char *word, struct err *err)
{
	if (++*count > verb->operands) {
		err_set(err, ERR_INVALID, "\"%.200s\" is one word too many",
			word);
		err_try(err, "coop team %s", verb->usage);
		return err_field(err, "command line");
	}
	o->file = word;
	return 0;
}

int cli_options_parse(const struct cli_verb *verb, int argc, char *const *argv,
		      struct cli_options *out, struct err *err)
{
	struct cli_options o = { 0 };
	unsigned count = 0;
	int at = 0, rc = 0;
	bool ended = false; /* "--" was seen: only operands follow */

	while (rc == 0 && at + 1 < argc) {
		int next = 1;

		if (!ended)
			rc = options_parse(verb->rows, &o, argc - at, argv + at,
					   &next, err);
		if (rc < 0)
			break;
		ended = ended || str_equal(argv[at + next - 1], "--");
		at += next;
		if (at < argc)
			rc = take_operand(verb, &o, &count, argv[at], err);
	}
	if (rc == 0 && verb->operand_needed && !o.file && !o.help) {
		rc = err_set(err, ERR_INVALID, "FILE is missing");
		err_try(err, "coop team %s", verb->usage);
	}
	if (rc < 0) {
		cli_options_finish(&o);
		return rc;
	}
	*out = o;
	return 0;
}

void cli_options_finish(struct cli_options *o)
{
	option_list_finish(&o->files);
}

void cli_help(const struct cli_verb *verb, struct buf *out)
{
	if (verb) {
		buf_printf(out, "Usage: coop team %s\n\n%s.\n\nOptions:\n",
			   verb->usage, verb->summary);
		options_help(verb->rows, out);
		return;
	}
	buf_puts(out, "Usage: coop team VERB …\n\n");
	for (const struct cli_verb *v = cli_verbs; v->name; v++)
		buf_printf(out, "  %-8s %s\n", v->name, v->summary);
	buf_puts(out, "\ncoop team VERB --help lists its options.\n");
}
