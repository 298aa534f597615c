/* SPDX-License-Identifier: Apache-2.0 */
/* The settings format: what is read, and every fault with its line. */
#include "executor/base/settings.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

static int note(void *arg, const struct settings_line *line, struct err *err)
{
	if (strcmp(line->key, "refuse") == 0)
		return err_set(err, ERR_UNKNOWN, "no such key");
	return buf_printf(arg, "%s:%u [%s] %s=<%s>\n", line->file, line->line,
			  line->section, line->key, line->value);
}

static const struct {
	const char *text, *read;
} good[] = {
	{ "", "" },
	{ "\n\n# only a comment\n", "" },
	{ "a = 1", "f:1 [] a=<1>\n" },
	{ "a=1\r\nb =\t2 \r\n", "f:1 [] a=<1>\nf:2 [] b=<2>\n" },
	{ "[one]\na = x  y\n[ two ] # why\n\tb = z # reason\n",
	  "f:2 [one] a=<x  y>\nf:4 [two] b=<z>\n" },
	{ "a = b#c = d", "f:1 [] a=<b#c = d>\n" },
	{ "a = # nothing", "f:1 [] a=<>\n" },
	{ "\xef\xbb\xbf"
	  "a = \xc3\xa4",
	  "f:1 [] a=<\xc3\xa4>\n" },
};

static void reads(void)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct err err = { 0 };
		struct buf out;

		buf_init(&out, 4096);
		CHECK_INT(settings_parse("f", good[i].text,
					 strlen(good[i].text), note, &out,
					 &err),
			  0);
		CHECK_STR(out.data, good[i].read);
		buf_finish(&out);
	}
}

static const struct {
	const char *text;
	const char *said;
} bad[] = {
	{ "a = 1\n\nword\n", "f:3: \"word\" is no section and no key. "
			     "Try: [section] or key = value" },
	{ "[one", "f:1: a section has no final ]" },
	{ "[]", "f:1: \"\" is no section name" },
	{ "[a b]", "f:1: \"a b\" is no section name" },
	{ "[", "f:1: a section has no final ]" },
	{ "= 1", "f:1: \"\" is no key" },
	{ "a b = 1", "f:1: \"a b\" is no key" },
	{ "a = 1\nb = \xff", "f:2: the line is not UTF-8" },
	{ "a = 1\nrefuse = 2\nc = 3", "f:2: no such key" },
};

static void refuses_with_file_and_line(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };
		struct buf out;
		char said[512];

		buf_init(&out, 4096);
		CHECK(settings_parse("f", bad[i].text, strlen(bad[i].text),
				     note, &out, &err) < 0);
		CHECK_STR(err_format(&err, said, sizeof(said)), bad[i].said);
		CHECK(strchr(out.data, 'c') == NULL);
		CHECK(settings_parse("f", bad[i].text, strlen(bad[i].text),
				     note, &out, NULL) < 0);
		buf_finish(&out);
	}
}

static void refuses_nul_and_long_lines(void)
{
	char text[5000];
	struct err err;
	struct buf out;

	buf_init(&out, 10000);
	CHECK_INT(settings_parse("f", "a = \0", 5, note, &out, &err),
		  -ERR_INVALID);
	memset(text, 'x', sizeof(text));
	memcpy(text, "a = ", 4);
	CHECK_INT(settings_parse("f", text, 4096, note, &out, &err), 0);
	CHECK_INT(settings_parse("f", text, 4097, note, &out, &err),
		  -ERR_TOO_LARGE);
	CHECK_STR(err.field, "f:1");
	buf_finish(&out);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(reads),
		TEST(refuses_with_file_and_line),
		TEST(refuses_nul_and_long_lines),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
