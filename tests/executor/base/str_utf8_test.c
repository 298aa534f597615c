/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: what is refused, what is repaired, where it may be cut. */
#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include "tests/tap.h"

#include <string.h>

#define BAD "\xef\xbf\xbd"

static const struct {
	const char *in, *repaired;
} rows[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", /* two, three, four bytes */
	  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" }, /* U+10FFFF */
	{ "\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80" },
	{ "\x80", BAD },
	{ "a\xff"
	  "b",
	  "a" BAD "b" },
	{ "\xc0\xaf", BAD BAD },                 /* overlong */
	{ "\xe0\x80\xaf", BAD BAD BAD },         /* overlong */
	{ "\xf0\x80\x80\xaf", BAD BAD BAD BAD }, /* overlong */
	{ "\xed\xa0\x80", BAD BAD BAD },         /* a surrogate */
	{ "\xf4\x90\x80\x80", BAD BAD BAD BAD }, /* above U+10FFFF */
	{ "\xf5\x80\x80\x80", BAD BAD BAD BAD },
	{ "\xe2\x82", BAD BAD }, /* cut at the end */
	{ "\xe2\x82x", BAD BAD "x" },
	{ "\xc3\xc3\xa4", BAD "\xc3\xa4" },
};

static void repairs_every_bad_byte(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].in);
		struct buf out;

		buf_init(&out, 100);
		CHECK_INT(str_utf8_add(&out, rows[i].in, len), 0);
		CHECK_STR(out.data, rows[i].repaired);
		CHECK_INT(str_utf8_valid(rows[i].in, len),
			  strcmp(rows[i].in, rows[i].repaired) == 0);
		CHECK(str_utf8_valid(out.data, out.len));
		buf_finish(&out);
	}
}

static void nul_is_a_character(void)
{
	struct buf out;

	CHECK(str_utf8_valid("a\0b", 3));
	buf_init(&out, 10);
	CHECK_INT(str_utf8_add(&out, "a\0\xff", 3), 0);
	CHECK_INT(out.len, 5);
	buf_finish(&out);
}

static void repair_stops_at_the_maximum(void)
{
	struct buf out;

	buf_init(&out, 4);
	CHECK_INT(str_utf8_add(&out, "ab\xff", 3), -ERR_TOO_LARGE);
	CHECK(out.overflow);
	CHECK_STR(out.data, "ab");
	buf_finish(&out);
}

static void cuts_only_between_characters(void)
{
	static const struct {
		const char *in;
		size_t len, cut;
	} cuts[] = {
		{ "", 0, 0 },
		{ "ab", 2, 2 },
		{ "a\xc3\xa4", 2, 1 },
		{ "a\xc3\xa4", 3, 3 },
		{ "\xe2\x82\xac", 1, 0 },
		{ "\xe2\x82\xac", 2, 0 },
		{ "\xe2\x82\xac", 3, 3 },
		{ "x\xf0\x9f\x98\x80", 2, 1 },
		{ "x\xf0\x9f\x98\x80", 3, 1 },
		{ "x\xf0\x9f\x98\x80", 4, 1 },
		{ "x\xf0\x9f\x98\x80", 5, 5 },
		{ "a\x80", 2, 2 }, /* bad, but not begun */
		{ "a\xff", 2, 2 },
		{ "\xe0\x80", 2, 2 }, /* no character begins so */
		{ "\x80\x80\x80\x80", 4, 4 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
		CHECK_INT(str_utf8_cut(cuts[i].in, cuts[i].len), cuts[i].cut);
}

/* Whatever the split, two halves together are what the whole would be. */
static void splitting_loses_nothing(void)
{
	static const char text[] = "a\xc3\xa4\xff\xe2\x82\xac\xf0\x9f\x98\x80z";
	size_t len = sizeof(text) - 1;
	struct buf whole, parts;

	buf_init(&whole, 100);
	str_utf8_add(&whole, text, len);
	for (size_t split = 0; split <= len; split++) {
		size_t cut = str_utf8_cut(text, split);

		buf_init(&parts, 100);
		str_utf8_add(&parts, text, cut);
		str_utf8_add(&parts, text + cut, len - cut);
		CHECK_STR(parts.data, whole.data);
		buf_finish(&parts);
	}
	buf_finish(&whole);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(repairs_every_bad_byte),
		TEST(nul_is_a_character),
		TEST(repair_stops_at_the_maximum),
		TEST(cuts_only_between_characters),
		TEST(splitting_loses_nothing),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
