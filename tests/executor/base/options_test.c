/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines: the grammar, the ranges, the help, by one table of rows. */
#include "executor/base/options.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

struct target {
	bool json, quiet;
	const char *lang;
	struct option_list files;
	uint64_t processes, memory, time, cpus;
};

#define AT(member) offsetof(struct target, member)

static const struct option_row rows[] = {
	{ "json", 'j', OPTION_FLAG, AT(json), NULL, "print JSON", 0, 0 },
	{ "quiet", 0, OPTION_FLAG, AT(quiet), NULL, "say nothing", 0, 0 },
	{ "lang", 'l', OPTION_STRING, AT(lang), "NAME", "language", 0, 0 },
	{ "file", 0, OPTION_LIST, AT(files), "SRC", "put a file", 0, 0 },
	{ "processes", 0, OPTION_UINT, AT(processes), "N", "count", 1, 1024 },
	{ "memory", 'm', OPTION_SIZE, AT(memory), "SIZE", "memory", 4096,
	  4294967296 },
	{ "time", 0, OPTION_TIME, AT(time), "TIME", "time", 0, 0 },
	{ "cpus", 0, OPTION_MILLI, AT(cpus), "N", "processors", 100, 64000 },
	{ 0 },
};

/* Parses words separated by blanks; the copy lives until the test's end. */
static int parse(const char *line, struct target *t, int *operands,
		 struct err *err)
{
	static char copy[512];
	static char *argv[32];
	char *rest = copy, *word;
	int argc = 1;

	memset(t, 0, sizeof(*t));
	memcpy(copy, line, strlen(line) + 1);
	argv[0] = copy;
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	return options_parse(rows, t, argc, argv, operands, err);
}

static void reads_every_kind(void)
{
	struct target t;
	struct err err;
	int operands;

	CHECK_INT(parse("-j --lang=python --file a --file=b -m 64K "
			"--processes 5 --time 1.5s --cpus 0.5 run.py --quiet",
			&t, &operands, &err),
		  0);
	CHECK(t.json && !t.quiet);
	CHECK_STR(t.lang, "python");
	REQUIRE(t.files.count == 2);
	CHECK_STR(t.files.items[0], "a");
	CHECK_STR(t.files.items[1], "b");
	CHECK_INT(t.memory, 65536);
	CHECK_INT(t.processes, 5);
	CHECK_INT(t.time, 1500);
	CHECK_INT(t.cpus, 500);
	CHECK_INT(operands, 14);
	option_list_finish(&t.files);
	option_list_finish(&t.files);
	option_list_finish(NULL);
}

static void ends_at_operands(void)
{
	static const struct {
		const char *line;
		int operands;
	} cases[] = {
		{ "a", 1 },           { "--json a --quiet", 2 },
		{ "--json", 2 },      { "--json -- --quiet", 3 },
		{ "- --quiet", 1 },   { "--", 2 },
		{ "--lang -- a", 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct target t;
		int operands = -1;

		CHECK_INT(parse(cases[i].line, &t, &operands, NULL), 0);
		CHECK_INT(operands, cases[i].operands);
		CHECK(!t.quiet);
	}
}

static void the_last_one_counts(void)
{
	struct target t;
	int operands;

	CHECK_INT(parse("--lang a --lang b --lang=", &t, &operands, NULL), 0);
	CHECK_STR(t.lang, "");
}

static void refuses_with_field_and_remedy(void)
{
	static const struct {
		const char *line;
		enum err_code code;
		const char *said;
	} cases[] = {
		{ "--memroy 1", ERR_UNKNOWN,
		  "--memroy: there is no such option. Try: --memory" },
		{ "--memroy=1", ERR_UNKNOWN,
		  "--memroy: there is no such option. Try: --memory" },
		{ "--zzzzzzzz", ERR_UNKNOWN,
		  "--zzzzzzzz: there is no such option" },
		{ "-zz", ERR_UNKNOWN, "-zz: there is no such option" },
		{ "-jq", ERR_UNKNOWN, "-jq: there is no such option" },
		{ "--json=1", ERR_INVALID, "--json: it takes no value" },
		{ "--lang", ERR_INVALID,
		  "--lang: it needs a value. Try: --lang NAME" },
		{ "--processes 0", ERR_INVALID,
		  "--processes: 0 is outside 1 to 1024. "
		  "Try: a number from 1 to 1024" },
		{ "--processes -5", ERR_INVALID,
		  "--processes: \"-5\" is not a whole number. "
		  "Try: digits only, such as 16" },
		{ "--memory 1K", ERR_INVALID,
		  "--memory: it is less than 4K. Try: 4K to 4G" },
		{ "-m 5G", ERR_INVALID,
		  "--memory: it is more than 4G. Try: 4K to 4G" },
		{ "--time 0", ERR_INVALID,
		  "--time: \"0\" is zero, which is no use as a time. "
		  "Try: a time such as 250ms, 10s, 1.5m or 2h" },
		{ "--cpus 0.01", ERR_INVALID,
		  "--cpus: 0.01 is outside 0.1 to 64. "
		  "Try: a number from 0.1 to 64" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		struct target t;
		char said[512];
		int operands = -1;

		CHECK_INT(parse(cases[i].line, &t, &operands, &err),
			  -(int)cases[i].code);
		CHECK_STR(err_format(&err, said, sizeof(said)), cases[i].said);
		CHECK_INT(operands, -1);
		CHECK_INT(parse(cases[i].line, &t, &operands, NULL),
			  -(int)cases[i].code);
	}
}

static void help_is_aligned(void)
{
	static const struct option_row few[] = {
		{ "json", 'j', OPTION_FLAG, 0, NULL, "print JSON", 0, 0 },
		{ "file", 0, OPTION_LIST, 0, "SRC[:DST]", "put a file", 0, 0 },
		{ "a-very-long-name", 0, OPTION_STRING, 0, "SOMETHING", "long",
		  0, 0 },
		{ 0 },
	};
	struct buf out;

	buf_init(&out, 4096);
	options_help(few, &out);
	CHECK_STR(out.data,
		  "  -j, --json                  print JSON\n"
		  "      --file SRC[:DST]        put a file (may repeat)\n"
		  "      --a-very-long-name SOMETHING\n"
		  "                              long\n");
	buf_finish(&out);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(reads_every_kind),    TEST(ends_at_operands),
		TEST(the_last_one_counts), TEST(refuses_with_field_and_remedy),
		TEST(help_is_aligned),     { 0 },
	};

	return tap_main(tests, argc, argv);
}
