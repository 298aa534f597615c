/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fenced programs: they are pieces of the text in order, and finding them takes
 * a number of steps that is linear in it. The steps are counted, not timed:
 * the parser is compiled here with its loops and searches instrumented.
 * fuzz-options: -max_len=16384
 */
#include "agentlib/agent/fences.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t steps;

static void *counted_memchr(const void *s, int c, size_t len)
{
	const char *at = memchr(s, c, len);

	steps += 1 + (at ? (size_t)(at - (const char *)s) : len);
	return (void *)at;
}

static int counted_add(struct buf *b, const void *data, size_t len)
{
	steps += 1 + len;
	return buf_add(b, data, len);
}

#pragma GCC diagnostic ignored "-Wdangling-else"
#pragma GCC diagnostic ignored "-Wcomma"
#define memchr counted_memchr
#define buf_add counted_add
/* clang-format off */
#define while(...) while ((steps++, 1) && (__VA_ARGS__))
#define for(...)                                                               \
	for (__VA_ARGS__)                                                      \
		if (steps++, 0) {                                              \
		} else
/* clang-format on */
#include "agentlib/agent/fences.c"
#undef memchr
#undef buf_add
#undef while
#undef for

/* Families and languages are looked through for each tag: some 20 steps a
 * fence of three marks; a line is searched once for each mark and length. */
#define STEPS_A_BYTE 64

static void check_block(const struct code_block *b, const char *text,
			size_t size)
{
	size_t len = strlen(b->code), lines = 0;
	char *rest = mem_strdup(b->code), *at = rest, *line;

	FUZZ_CHECK(*b->language && strlen(b->language) <= size + 8);
	FUZZ_CHECK(len <= size);
	FUZZ_CHECK(!str_utf8_valid(text, size) || str_utf8_valid(b->code, len));
	/* each line stands in the text */
	while ((line = strsep(&at, "\n"))) {
		FUZZ_CHECK(memmem(text, size, line, strlen(line)));
		lines++;
	}
	FUZZ_CHECK(lines <= size + 1);
	mem_free(rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *const languages[] = { (char *)"python", (char *)"bash" };
	struct fuzz_dice dice = fuzz_dice(data, size);
	struct fence_options o = {
		.languages = languages,
		.language_count = 2,
		.untagged = fuzz_throw(&dice, 1) ? "python" : NULL,
	};
	char *text = fuzz_copy(data, size);
	struct fence_list list = { 0 };
	size_t total = 0;

	steps = 0;
	fences_parse(text, size, &o, &list);
	if (steps > STEPS_A_BYTE * (size + 8))
		fprintf(stderr, "%zu steps for %zu bytes\n", steps, size);
	FUZZ_CHECK(steps <= STEPS_A_BYTE * (size + 8));
	for (size_t i = 0; i < list.count; i++) {
		const struct code_block *b = &list.items[i];

		check_block(b, text, size);
		total += strlen(b->code);
		FUZZ_CHECK(fence_language(&o, b->language,
					  strlen(b->language)));
	}
	/* no byte of the text is in two programs */
	FUZZ_CHECK(total <= size);
	fence_list_finish(&list);
	free(text);
	return 0;
}
