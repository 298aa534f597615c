/* SPDX-License-Identifier: Apache-2.0 */
/* Three rows and what to do with them. */
#include "executor/cmd/list_options.h"

#include "executor/base/options.h"
#include "executor/cmd/say.h"

#include <string.h>

static const struct option_row rows[] = {
	{ "json", 0, OPTION_FLAG, offsetof(struct list_options, json), NULL,
	  "prints JSON", 0, 0 },
	{ "share", 0, OPTION_STRING, offsetof(struct list_options, share),
	  "DIR", "folder of profiles and languages", 0, 0 },
	{ "help", 'h', OPTION_FLAG, offsetof(struct list_options, help), NULL,
	  "this text", 0, 0 },
	{ 0 },
};

int list_options_parse(struct list_options *o, int argc, char **argv,
		       const char *usage, const char *about)
{
	struct err err = { 0 };
	int operand;

	memset(o, 0, sizeof(*o));
	if (options_parse(rows, o, argc, argv, &operand, &err) < 0)
		return say_err(&err, o->json);
	if (o->help) {
		say_help(usage, about, rows);
		return 0;
	}
	if (operand < argc) {
		err_set(&err, ERR_INVALID, "\"%.64s\" is one word too many",
			argv[operand]);
		return say_err(&err, o->json);
	}
	return -1;
}
