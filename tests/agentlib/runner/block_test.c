/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks as programs: languages, file names, silent pip. */
#include "agentlib/runner/block.h"

#include "agentlib/runner/sha256.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"
#include <string.h>

struct row {
	const char *tag, *code;
	const char *language, *filename; /* NULL language: refused */
	const char *text;                /* code after reading, or refusal */
};

static const struct row rows[] = {
	{ "python", "# filename: a.py\nx", "python", "a.py",
	  "# filename: a.py\nx" },
	{ "Python", "#filename:a.py", "python", "a.py", "#filename:a.py" },
	{ "py", "  # filename:  a b.py \r\nx", "python", "a b.py", NULL },
	{ "python3", "# filename: d/e/../a.py\nx", "python", "d/a.py", NULL },
	{ "sh", "# filename: /workspace/x.sh\n", "bash", "x.sh", NULL },
	{ "shell", "# filename: ./x.sh\n", "bash", "x.sh", NULL },
	{ "bash", "#!/bin/bash\n# filename: x.sh\n", "bash", NULL, NULL },
	{ "js", "// filename: m.js\n", "javascript", "m.js", NULL },
	{ "javascript", "# filename: m.js\n", "javascript", "m.js", NULL },
	{ "c", "// filename: src/m.c\n", "c", "src/m.c", NULL },
	{ "cpp", "int x;\n", "c++", NULL, NULL },
	{ "C++", "int x;\n", "c++", NULL, NULL },
	{ "python", "# filename:\nx", "python", NULL, NULL },
	{ "python", "# filename: ../a.py\n", NULL, NULL,
	  "Filename is not in the workspace" },
	{ "python", "# filename: a/../../b.py\n", NULL, NULL,
	  "Filename is not in the workspace" },
	{ "python", "# filename: /etc/passwd\n", NULL, NULL,
	  "Filename is not in the workspace" },
	{ "python", "# filename: /workspace/../etc/passwd\n", NULL, NULL,
	  "Filename is not in the workspace" },
	{ "python", "# filename: sub/\n", NULL, NULL,
	  "Filename is not in the workspace" },
	{ "python", "# filename: ..\n", NULL, NULL,
	  "Filename is not in the workspace" },
	{ "cobol", "x", NULL, NULL, "unknown language cobol" },
	{ "", "x", NULL, NULL, "unknown language " },
	{ "python", "! pip install a\n!pip install b\nx", "python", NULL,
	  "! pip install -qqq a\n!pip install -qqq b\nx" },
	{ "python", "!pip install -qqq b", "python", NULL,
	  "!pip install -qqq b" },
	{ "python", " !pip install b", "python", NULL, " !pip install b" },
	{ "sh", "pip install a && x", "bash", NULL, "pip install -qqq a && x" },
	{ "sh", "! pip install a", "bash", NULL, "! pip install a" },
	{ "sh", "ls\r\nls\r\n", "bash", NULL, "ls\nls\n" },
	{ "js", "pip install a", "javascript", NULL, "pip install a" },
};

static void reads(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct code_block b = { .code = (char *)r->code,
					.language = (char *)r->tag };
		struct block_program p = { 0 };
		char *refusal = NULL;
		bool ok = block_read(&b, &p, &refusal);

		tap_note("row %zu", i);
		CHECK(ok == (r->language != NULL));
		if (!ok) {
			CHECK_STR(refusal, r->text);
			mem_free(refusal);
			continue;
		}
		CHECK_STR(p.language, r->language);
		CHECK(p.named == (r->filename != NULL));
		if (r->filename)
			CHECK_STR(p.filename, r->filename);
		if (r->text)
			CHECK_STR(p.code, r->text);
		block_finish(&p);
	}
}

/* Unnamed blocks get a name from their text and a suffix of their language. */
static void names(void)
{
	static const char *const want[][2] = { { "python", ".py" },
					       { "sh", ".sh" },
					       { "js", ".js" },
					       { "c", ".c" },
					       { "cpp", ".cpp" } };

	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		struct code_block b = { .code = (char *)"abc",
					.language = (char *)want[i][0] };
		struct block_program p = { 0 };
		char *refusal = NULL;

		REQUIRE(block_read(&b, &p, &refusal));
		CHECK(str_starts(p.filename,
				 "tmp_code_ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad."));
		CHECK(str_ends(p.filename, want[i][1]));
		block_finish(&p);
	}
}

static void digests(void)
{
	static const struct {
		size_t len;
		const char *want;
	} ones[] = {
		{ 0, "e3b0c44298fc1c149afbf4c8996fb924"
		     "27ae41e4649b934ca495991b7852b855" },
		{ 55, "9f4390f8d30c2dd92ec9f095b65e2b9a"
		      "e9b0a925a5258e241c9f1e910f734318" },
		{ 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f"
		      "590ce20f1bde7090ef7970686ec6738a" },
		{ 64, "ffe054fe7ae0cb6dc65c3af9b61d5209"
		      "f439851db43d0ba5997337df154668eb" },
		{ 1000, "41edece42d63e8d9bf515a9ba6932e1c"
			"20cbc9f5a5d134645adb5db1b9737ea3" },
	};
	char data[1000], hex[SHA256_HEX_SIZE];

	memset(data, 'a', sizeof(data));
	for (size_t i = 0; i < ARRAY_LEN(ones); i++) {
		sha256_hex(data, ones[i].len, hex);
		CHECK_STR(hex, ones[i].want);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(reads), TEST(names), TEST(digests), { 0 }
	};

	return tap_main(tests, argc, argv);
}
