/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fenced block as a program: wherever its text says that it is to be stored,
 * it stays below the workspace; the text changes by line ends and pip only.
 */
#include "agentlib/runner/block.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <limits.h>
#include <string.h>

static void check_name(const char *name)
{
	char *copy = mem_strdup(name), *at = copy, *part;

	FUZZ_CHECK(*name && *name != '/' && name[strlen(name) - 1] != '/');
	FUZZ_CHECK(strlen(name) <= 1024);
	FUZZ_CHECK(str_utf8_valid(name, strlen(name)));
	while ((part = strsep(&at, "/")))
		FUZZ_CHECK(*part && !str_equal(part, ".") &&
			   !str_equal(part, "..") && strlen(part) <= NAME_MAX);
	mem_free(copy);
}

/* What is left of both when line ends and " -qqq" are taken out is the same. */
static char *bare(const char *code)
{
	char *copy = mem_strdup(code), *to = copy;

	for (const char *p = copy; *p; p++) {
		while (str_starts(p, " -qqq"))
			p += 5;
		if (!*p)
			break;
		if (*p != '\r')
			*to++ = *p;
	}
	*to = 0;
	return copy;
}

static void check_program(const struct block_program *p, const char *code)
{
	char *one = bare(code), *other = bare(p->code);

	check_name(p->filename);
	FUZZ_CHECK(!strpbrk(p->filename, "\r\n"));
	FUZZ_CHECK(*p->language);
	FUZZ_CHECK(p->named || str_starts(p->filename, "tmp_code_"));
	FUZZ_CHECK(!p->named || strstr(code, "filename:"));
	FUZZ_SAME(other, one);
	mem_free(one);
	mem_free(other);
}

static void check_path(const char *name)
{
	char *path = block_path(name), *again;

	if (!path)
		return;
	check_name(path);
	again = block_path(path);
	FUZZ_SAME(again, path);
	mem_free(again);
	mem_free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tags[] = { "python", "Bash", "js", "C++",
					    "cobol" };
	struct fuzz_dice dice = fuzz_dice(data, size);
	const char *tag = tags[fuzz_throw(&dice, ARRAY_LEN(tags) - 1)];
	char *text = fuzz_text(data, size);
	struct code_block b = { .code = text, .language = (char *)tag };
	struct block_program p = { 0 };
	char *refusal = NULL;

	if (block_read(&b, &p, &refusal)) {
		FUZZ_CHECK(!refusal);
		check_program(&p, text);
	} else {
		FUZZ_CHECK(refusal && *refusal && !p.filename);
	}
	check_path(text);
	block_finish(&p);
	mem_free(refusal);
	mem_free(text);
	return 0;
}
