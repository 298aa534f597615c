/* SPDX-License-Identifier: Apache-2.0 */
/* Programs out of what models write: a table, and the promise that nothing
 * crashes and nothing is slow. */
#include "agentlib/agent/fences.h"

#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <time.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *name, *text;
	const char *want; /* "language[code]" of each block */
	const char *untagged;
};

static char python[] = "python", sh[] = "sh", bash[] = "bash", cxx[] = "C++";
static char *languages[] = { python, sh };

static char *found(const char *text, size_t len, const char *untagged)
{
	struct fence_options o = { .languages = languages,
				   .language_count = 2,
				   .untagged = untagged };
	struct fence_list l = { 0 };
	struct buf b;
	char *all;

	buf_init(&b, 1 << 20);
	fences_parse(text, len, &o, &l);
	for (size_t i = 0; i < l.count; i++)
		buf_printf(&b, "%s[%s]", l.items[i].language, l.items[i].code);
	fence_list_finish(&l);
	all = buf_take(&b);
	buf_finish(&b);
	return all;
}

static const struct row rows[] = {
	{ "plain", "hi\n```python\nprint(1)\n```\nbye", "python[print(1)\n]" },
	{ "two", "```python\na\n```\n```sh\nb\n```", "python[a\n]sh[b\n]" },
	{ "py", "```py\na\n```", "py[a\n]" },
	{ "python3", "```python3\na\n```", "python3[a\n]" },
	{ "bash", "```bash\na\n```", "bash[a\n]" },
	{ "shell", "```shell\na\n```", "shell[a\n]" },
	{ "case is kept", "```Python\na\n```", "Python[a\n]" },
	{ "blank before the tag", "``` python\na\n```", "python[a\n]" },
	{ "text after the tag", "```python title=\"x.py\"\na\n```",
	  "python[a\n]" },
	{ "colon after the tag", "```python:x.py\na\n```", "python[a\n]" },
	{ "blanks after the tag", "```python  \na\n```  \n", "python[a\n]" },
	{ "CRLF", "```python\r\na\r\nb\r\n```\r\nx", "python[a\nb\n]" },
	{ "other language", "```json\n{}\n```", "" },
	{ "its prefix", "```pythonic\na\n```", "" },
	{ "untagged", "```\na\n```", "" },
	{ "untagged by configuration", "```\na\n```", "python[a\n]", "python" },
	{ "closing is no opening", "```json\nx\n```\ny\n```sh\na\n```",
	  "sh[a\n]", "python" },
	{ "empty", "```python\n```", "python[]" },
	{ "never closed", "```python\na\n", "" },
	{ "never closed, then one that is",
	  "```json\nx\n\ny\n```python\na\n```", "" },
	{ "tildes", "~~~python\na\n```\nb\n~~~", "python[a\n```\nb\n]" },
	{ "longer fence", "````python\n```\na\n```\n````",
	  "python[```\na\n```\n]" },
	{ "inside another language",
	  "````markdown\n```python\na\n```\n````\n```sh\nb\n```", "sh[b\n]" },
	{ "longer close", "```python\na\n`````", "python[a\n]" },
	{ "indented", "1. do\n   ```python\n   if x:\n       y\n   ```\n",
	  "python[if x:\n    y\n]" },
	{ "less indent inside", "   ```python\n  a\nb\n   ```",
	  "python[a\nb\n]" },
	{ "deeper marks are text", "```python\ns = '''\n        ```\n'''\n```",
	  "python[s = '''\n        ```\n'''\n]" },
	{ "after text", "Run this: ```python\na\n```", "python[a\n]" },
	{ "quoted in a line", "use ```python or ```sh.\nok\n```\n", "" },
	{ "one line", "```print(1)```", "" },
	{ "closed in a line", "```python\nprint(1)```", "python[print(1)]" },
	{ "closed with words", "```python\na\n``` and so on\n```sh\nb\n```",
	  "python[a\n]sh[b\n]" },
	{ "closed with a full stop", "```python\na\n```.\n```sh\nb\n```",
	  "python[a\n]sh[b\n]" },
	{ "not by a tagged one", "```python\na\n```python\nb\n```",
	  "python[a\n```python\nb\n]" },
	{ "two marks", "``python\na\n``", "" },
	{ "nothing", "", "" },
	{ "marks at the end", "```", "" },
	{ "tag at the end", "```python", "" },
	{ "UTF-8", "```python\nprint('é')\n```", "python[print('é')\n]" },
};

static void table(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		_auto_free_ char *got = found(rows[i].text,
					      strlen(rows[i].text),
					      rows[i].untagged);

		if (!CHECK_STR(got, rows[i].want))
			tap_note("row: %s", rows[i].name);
	}
}

/* AutoGen's own pattern is case-insensitive and lists languages: whatever it
 * would find in well-formed text is found here too. */
static void families(void)
{
	static char *only[] = { bash, cxx };
	struct fence_options o = { .languages = only, .language_count = 2 };

	CHECK(fence_language(&o, "sh", 2));
	CHECK(fence_language(&o, "BASH", 4));
	CHECK(fence_language(&o, "cpp", 3));
	CHECK(!fence_language(&o, "python", 6));
	CHECK(!fence_language(&o, "", 0));
}

/* Random texts of the characters that matter; ASan looks on. */
static void never_crashes(void)
{
	static const char *const pieces[] = { "```",  "`",    "~~~",  "\n",
					      "\r\n", " ",    "\t",   "python",
					      "sh",   "x",    "````", "~",
					      "{",    "\xff", "py" };

	srandom(7);
	for (int round = 0; round < 20000; round++) {
		struct buf b;
		char *exact;

		buf_init(&b, 4096);
		for (long n = random() % 24; n > 0; n--)
			buf_puts(&b,
				 pieces[(size_t)random() % ARRAY_LEN(pieces)]);
		/* A copy of the exact size, so that reading past it shows. */
		exact = mem_copy(b.data, b.len);
		mem_free(found(exact, b.len, round % 2 ? "python" : NULL));
		mem_free(exact);
		buf_finish(&b);
	}
}

/* Processor time of this process: what else the machine does is not in it. */
static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * CLOCK_S + (uint64_t)t.tv_nsec;
}

static uint64_t time_of(const char *piece, size_t times)
{
	struct fence_options o = { .languages = languages,
				   .language_count = 2,
				   .untagged = "python" };
	struct fence_list l = { 0 };
	struct buf b;
	uint64_t start;

	buf_init(&b, 64 << 20);
	for (size_t i = 0; i < times; i++) {
		/* Growing indents too: what closes depends on them. */
		if (*piece == '>')
			buf_printf(&b, "%*s", (int)(i % 40), "");
		buf_puts(&b, *piece == '>' ? piece + 1 : piece);
	}
	start = cpu_ns();
	fences_parse(b.data, b.len, &o, &l);
	start = cpu_ns() - start;
	fence_list_finish(&l);
	buf_finish(&b);
	return start;
}

/* Texts that make a parser with back-tracking search to the end from every
 * line: ten times the text may take a hundred times as long there, here ten.
 * The bound lies far above what noise does to processor time. */
static void linear(void)
{
	static const char *const texts[] = {
		"```python\nx\n", "~~~python\nx\n",      "````sh\nx\n",
		"```json\n",      "a ```python\n",       "``` ``` ``",
		">```python\n",   "```python x\n~~~~\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		uint64_t small = time_of(texts[i], 20000) + CLOCK_MS;
		uint64_t large = time_of(texts[i], 200000);

		if (!CHECK(large < small * 60))
			tap_note("%s: %llu, %llu ns", texts[i],
				 (unsigned long long)small,
				 (unsigned long long)large);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(table),
						 TEST(families),
						 TEST(never_crashes),
						 TEST(linear),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
