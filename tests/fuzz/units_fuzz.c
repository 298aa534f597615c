/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes, times, counts, decimals, and the limits written in them: only what the
 * grammar says is taken, it is worth what arithmetic says, and what is printed
 * reads back.
 */
#include "executor/base/str.h"

#include "executor/base/mem.h"
#include "executor/spec/limits.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

/* digits[.digits]unit; the unit, or NULL. */
static const char *unit_of(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (!n)
		return NULL;
	s += n;
	if (*s != '.')
		return s;
	n = strspn(s + 1, "0123456789");
	return n ? s + 1 + n : NULL;
}

/* The value by schoolbook: the whole part exactly, at most one more for the
 * fraction, which the parsers cut. False when `s` is too large for that. */
static bool worth(const char *s, uint64_t scale, uint64_t *low)
{
	unsigned __int128 whole = 0;

	for (; *s >= '0' && *s <= '9'; s++) {
		whole = whole * 10 + (unsigned)(*s - '0');
		if (whole > UINT64_MAX)
			return false;
	}
	whole *= scale;
	*low = (uint64_t)whole;
	return whole <= UINT64_MAX;
}

static uint64_t scale_of_size(const char *unit)
{
	return str_equal(unit, "K")   ? 1ull << 10
	       : str_equal(unit, "M") ? 1ull << 20
	       : str_equal(unit, "G") ? 1ull << 30
				      : !*unit;
}

static uint64_t scale_of_time(const char *unit)
{
	return str_equal(unit, "ms")                         ? 1
	       : str_equal(unit, "s") || str_equal(unit, "") ? 1000
	       : str_equal(unit, "m")                        ? 60000
	       : str_equal(unit, "h")                        ? 3600000
							     : 0;
}

/* Whether a parser was right to take `s` (rc 0) or to refuse it. */
static void check(const char *s, uint64_t scale, int rc, uint64_t got)
{
	const char *unit = unit_of(s);
	bool point = unit && strchr(s, '.');
	uint64_t low = 0;
	bool fits = unit && scale && worth(s, scale, &low);

	if (rc < 0) {
		/* refused for good reason: no number, zero, half of the least
		 * unit, or (with a fraction) just over the top */
		FUZZ_CHECK(!fits || low == 0 || (point && scale == 1) ||
			   (point && low > UINT64_MAX - scale));
		return;
	}
	FUZZ_CHECK(fits && got > 0);
	FUZZ_CHECK(point ? got >= low && got - low < scale : got == low);
}

static void check_units(const char *s)
{
	const char *unit = unit_of(s) ? unit_of(s) : "?";
	struct err err = { 0 };
	uint64_t v = 0, back = 0;
	char text[32];
	int rc = str_parse_size(s, &v, &err);

	check(s, scale_of_size(unit), rc, v);
	if (rc == 0) {
		str_format_size(v, text, sizeof(text));
		FUZZ_CHECK(str_parse_size(text, &back, NULL) == 0 && back == v);
	} else {
		fuzz_check_err(&err);
		FUZZ_CHECK(*err.remedy);
	}
	rc = str_parse_time(s, &v, &err);
	check(s, scale_of_time(unit), rc, v);
	if (rc == 0) {
		str_format_time(v, text, sizeof(text));
		FUZZ_CHECK(str_parse_time(text, &back, NULL) == 0 && back == v);
	}
	rc = str_parse_uint(s, 1, UINT64_MAX, &v, NULL);
	check(s, !*unit, rc, v);
	rc = str_parse_milli(s, 1, UINT64_MAX, &v, NULL);
	check(s, *unit ? 0 : 1000, rc, v);
	if (str_parse_uint(s, 10, 20, &v, NULL) == 0)
		FUZZ_CHECK(v >= 10 && v <= 20);
}

static void check_limits(const char *s)
{
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		struct err err = { 0 };
		uint64_t v = 0, back = 0;
		char text[64];

		if (limit_parse(row, s, &v, &err) < 0) {
			fuzz_check_err(&err);
			FUZZ_CHECK(*err.field);
			continue;
		}
		limit_format(row, v, text, sizeof(text));
		FUZZ_CHECK(limit_parse(row, text, &back, &err) == 0);
		FUZZ_CHECK(back == v && v > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	check_units(text);
	check_limits(text);
	mem_free(text);
	return 0;
}
