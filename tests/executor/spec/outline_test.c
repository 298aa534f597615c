/* SPDX-License-Identifier: Apache-2.0 */
/* What texts say about their names, with Java's rules; and hostile texts. */
#include "executor/spec/outline.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

static const struct outline_rules java = {
	.file = (char *)"public class | public interface | public enum | "
			"public record",
	.entry = (char *)"class | interface | enum | record",
	.entry_has = (char *)"static void main",
	.scope = (char *)"package",
};

#define MAIN "public static void main(String[] a) { }"

static const struct text_row {
	const char *text, *file, *entry;
} texts[] = {
	{ "", "", "" },
	{ "public class A { " MAIN " }", "A", "A" },
	{ "public final class A { " MAIN " }", "A", "A" },
	{ "final public class A {}", "A", "A" },
	{ "public\n\tabstract /* class X */ // class Y\nclass A{}", "A", "A" },
	{ "public non-sealed class A {}", "A", "A" },
	{ "@Deprecated @Named(\"public class X\") public class A {}", "A",
	  "A" },
	{ "public @interface A {}", "A", "A" },
	{ "public record A(int x) {}", "A", "A" },
	{ "public class A<T extends B> {}", "A", "A" },
	{ "public class $A_1 {}", "$A_1", "$A_1" },
	/* which one is started is another question than whose the file is */
	{ "class A {} class B { " MAIN " }", "", "B" },
	{ "public interface I {} class B { " MAIN " }", "I", "B" },
	{ "class A { { } } class B { static void mainly() {} }", "", "A" },
	{ "class A { class X { " MAIN " } } class B { " MAIN " }", "", "A" },
	{ "class A { static final void\nmain(String[] a) {} }", "", "A" },
	{ "class A { static int x; void main() {} } class B {" MAIN "}", "",
	  "B" },
	/* not at the outermost level */
	{ "class A { public class B {} }", "", "A" },
	{ "class A { String s = \"}\"; char c = '}'; public class B {} }", "",
	  "A" },
	{ "class A { String s = \"\"\"\n } public class X {} \" \"\"\"; }"
	  " public class B {}",
	  "B", "A" },
	/* packages */
	{ "package com.example;\npublic class A {}", "A", "com.example.A" },
	{ "/* package x; */ package a; class B {" MAIN "}", "", "a.B" },
	/* no names */
	{ "public class 1A {}", "", "" },
	{ "public class ../../etc/passwd {}", "", "" },
	{ "public class com.example.A {}", "", "" },
	{ "public class \xc3\xa4 {}", "", "" },
	{ "public class", "", "" },
	{ "public class \"A\" {}", "", "" },
	{ "public; class A {}", "", "A" },
	{ "publicclass A", "", "" },
	/* what never ends */
	{ "public class A { \"", "A", "A" },
	{ "/* public class A {}", "", "" },
	{ "\"\"\" public class A {}", "", "" },
	{ "'\\", "", "" },
	{ "}}} public class A {}", "A", "A" },
	{ "/", "", "" },
};

static void texts_are_read(void)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct text_row *t = &texts[i];
		/* exact size: a step too far is seen by a sanitizer */
		char *copy = mem_copy(t->text, strlen(t->text));
		struct outline o;

		outline_read(&o, &java, copy, strlen(t->text));
		if (!CHECK_STR(o.file, t->file) ||
		    !CHECK_STR(o.entry, t->entry))
			tap_note("%s", t->text);
		mem_free(copy);
	}
}

static void without_rules_nothing_is_found(void)
{
	static const struct outline_rules none;
	static const char text[] = "package a; public class A { }";
	struct outline o;

	outline_read(&o, &none, text, strlen(text));
	CHECK_STR(o.file, "");
	CHECK_STR(o.entry, "");
}

/* Names that are too long are none; other rules go on. */
static void long_names_are_left_out(void)
{
	char text[OUTLINE_NAME_MAX * 3 + 64] = "package ";
	size_t at = strlen(text);
	struct outline o;

	memset(text + at, 'p', OUTLINE_NAME_MAX);
	str_copy(text + at + OUTLINE_NAME_MAX, 64, "; public class ");
	at = strlen(text);
	memset(text + at, 'a', OUTLINE_NAME_MAX + 1);
	outline_read(&o, &java, text, strlen(text));
	CHECK_STR(o.file, "");
	outline_read(&o, &java, text, strlen(text) - 1);
	CHECK_INT(strlen(o.file), OUTLINE_NAME_MAX);
	CHECK_INT(strlen(o.entry), 2 * OUTLINE_NAME_MAX + 1);
}

/* A text of a megabyte costs a moment, whatever it repeats. */
static void large_texts_are_read_once(void)
{
	static const char *const pieces[] = { "public ", "/*", "\"\"\"",   "{",
					      "class ",  "'",  "package a" };
	const size_t size = 1U << 20;
	char *text = mem_zero(size, 1);
	struct outline o;

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		size_t len = strlen(pieces[i]);

		for (size_t at = 0; at + len <= size; at += len)
			memcpy(text + at, pieces[i], len);
		outline_read(&o, &java, text, size);
		CHECK(strlen(o.file) <= OUTLINE_NAME_MAX);
	}
	mem_free(text);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(texts_are_read),
		TEST(without_rules_nothing_is_found),
		TEST(long_names_are_left_out),
		TEST(large_texts_are_read_once),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
