/* SPDX-License-Identifier: Apache-2.0 */
/* JSON out: commas, escapes, numbers, and text that is no text. */
#include "executor/base/json_writer.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static void nests_with_the_right_commas(void)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 1000);
	jw_init(&w, &out);
	jw_object(&w);
	jw_kstring(&w, "s", "x");
	jw_kint(&w, "i", -5);
	jw_kuint(&w, "u", UINT64_MAX);
	jw_kbool(&w, "b", true);
	jw_knull(&w, "n");
	jw_key(&w, "a");
	jw_array(&w);
	jw_array(&w);
	jw_end_array(&w);
	jw_object(&w);
	jw_end_object(&w);
	jw_string(&w, NULL);
	jw_bool(&w, false);
	jw_raw(&w, "{\"r\":1}");
	jw_end_array(&w);
	jw_kstring(&w, "none", NULL);
	jw_end_object(&w);
	CHECK_STR(out.data,
		  "{\"s\":\"x\",\"i\":-5,\"u\":18446744073709551615,"
		  "\"b\":true,\"n\":null,\"a\":[[],{},null,false,{\"r\":1}],"
		  "\"none\":null}");
	CHECK_INT(w.depth, 0);
	buf_finish(&out);
}

static void escapes_text(void)
{
	static const struct {
		const char *in, *out;
		size_t len;
	} rows[] = {
		{ "", "\"\"", 0 },
		{ "\"\\/", "\"\\\"\\\\/\"", 3 },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"", 5 },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"", 3 },
		{ "a\0b", "\"a\\u0000b\"", 3 },
		{ "\xc3\xa4\xf0\x9f\x98\x80", "\"\xc3\xa4\xf0\x9f\x98\x80\"",
		  6 },
		{ "a\xff\"", "\"a\xef\xbf\xbd\\\"\"", 3 },
		{ "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"", 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json_writer w;
		struct buf out;

		buf_init(&out, 1000);
		jw_init(&w, &out);
		jw_string_n(&w, rows[i].in, rows[i].len);
		CHECK_STR(out.data, rows[i].out);
		buf_finish(&out);
	}
}

static void check_number(double v, const char *want)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 1000);
	jw_init(&w, &out);
	jw_number(&w, v);
	CHECK_STR(out.data, want);
	buf_finish(&out);
}

static void writes_the_shortest_number(void)
{
	static const struct {
		double v;
		const char *want;
	} rows[] = {
		{ 0, "0" },
		{ -1.5, "-1.5" },
		{ 0.1, "0.1" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1e100, "1e+100" },
		{ 5e-324, "4.94065645841247e-324" },
		{ INFINITY, "null" },
		{ -INFINITY, "null" },
		{ NAN, "null" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_number(rows[i].v, rows[i].want);
}

static void a_locale_changes_nothing(void)
{
	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") &&
	    !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
		tap_note("no locale with a comma is installed");
	check_number(1.5, "1.5");
}

static void overflow_is_latched(void)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 5);
	jw_init(&w, &out);
	jw_string(&w, "longer than that");
	CHECK(out.overflow);
	CHECK(out.len <= 5);
	buf_finish(&out);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(nests_with_the_right_commas),
		TEST(escapes_text),
		TEST(writes_the_shortest_number),
		TEST(a_locale_changes_nothing),
		TEST(overflow_is_latched),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
