/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines, one argument a line of input: numbers stay in their range,
 * texts point into argv, operands begin where options end.
 */
#include "executor/base/options.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define ARGS_MAX 64

struct wanted {
	bool flag;
	const char *text;
	struct option_list list;
	uint64_t count, size, time, milli;
};

#define ROW(name, letter, kind, member, ...)                                   \
	{                                                                      \
		name, letter, kind, offsetof(struct wanted, member), "X",      \
			"help", __VA_ARGS__                                    \
	}

static const struct option_row rows[] = {
	ROW("flag", 'f', OPTION_FLAG, flag, 0, 0),
	ROW("text", 't', OPTION_STRING, text, 0, 0),
	ROW("list", 'l', OPTION_LIST, list, 0, 0),
	ROW("count", 'c', OPTION_UINT, count, 2, 64),
	ROW("size", 's', OPTION_SIZE, size, 1024, 1 << 20),
	ROW("time", 0, OPTION_TIME, time, 0, 0),
	ROW("cpu-milli", 0, OPTION_MILLI, milli, 100, 8000),
	{ NULL },
};

static bool in_argv(char *const *argv, int argc, const char *s)
{
	for (int i = 1; i < argc; i++)
		if (s >= argv[i] && s <= argv[i] + strlen(argv[i]))
			return true;
	return false;
}

static bool in_range(uint64_t v, uint64_t min, uint64_t max)
{
	return v == 0 || (v >= min && v <= max);
}

static void check(const struct wanted *w, char *const *argv, int argc)
{
	FUZZ_CHECK(in_range(w->count, 2, 64));
	FUZZ_CHECK(in_range(w->size, 1024, 1 << 20));
	FUZZ_CHECK(in_range(w->milli, 100, 8000));
	FUZZ_CHECK(!w->text || in_argv(argv, argc, w->text));
	for (size_t i = 0; i < w->list.count; i++)
		FUZZ_CHECK(in_argv(argv, argc, w->list.items[i]));
}

/* What stands before the operands are options and their values only. */
static void check_operands(char *const *argv, int argc, int operands)
{
	FUZZ_CHECK(operands >= 1 && operands <= argc);
	for (int i = 1; i < operands - 1; i++)
		if (str_equal(argv[i], "--"))
			FUZZ_CHECK(argv[i - 1][0] == '-');
	if (operands == argc || str_equal(argv[operands - 1], "--"))
		return;
	FUZZ_CHECK(argv[operands][0] != '-' || !argv[operands][1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text;
	char program[] = "program";
	char *argv[ARGS_MAX + 1] = { program };
	struct wanted w = { 0 };
	struct err err = { 0 };
	int argc = 1, operands = 0;

	while (argc < ARGS_MAX && rest)
		argv[argc++] = strsep(&rest, "\n");
	if (options_parse(rows, &w, argc, argv, &operands, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(err.field[0] == '-' && operands == 0);
	} else {
		check_operands(argv, argc, operands);
	}
	check(&w, argv, argc);
	option_list_finish(&w.list);
	mem_free(text);
	return 0;
}
