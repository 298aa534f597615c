/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes, times and numbers as people write them: a table of each. */
#include "executor/base/str.h"

#include "tests/tap.h"

#include <string.h>

#define UNTOUCHED 12345678

struct row {
	const char *text;
	uint64_t value; /* 0: refused */
};

static const struct row sizes[] = {
	{ "1", 1 },
	{ "4096", 4096 },
	{ "64K", 65536 },
	{ "256M", 268435456 },
	{ "1G", 1073741824 },
	{ "1.5G", 1610612736 },
	{ "0.5K", 512 },
	{ "1.0000000001K", 1024 },
	{ "16777215G", 16777215ULL << 30 },
	{ "18446744073709551615", UINT64_MAX },
	{ "17179869184G", 0 },
	{ "18446744073709551616", 0 },
	{ "99999999999999999999999999", 0 },
	{ "17179869183.99999999999999G", UINT64_MAX },
	{ "0", 0 },
	{ "0K", 0 },
	{ "0.0001K", 0 },
	{ "", 0 },
	{ "-1", 0 },
	{ "+1", 0 },
	{ " 1", 0 },
	{ "1 ", 0 },
	{ "1 K", 0 },
	{ "1e3", 0 },
	{ "0x10", 0 },
	{ "1KB", 0 },
	{ "1k", 0 },
	{ "1T", 0 },
	{ ".5K", 0 },
	{ "1.K", 0 },
	{ "1.5", 0 },
	{ "1.2.3K", 0 },
	{ "K", 0 },
	{ "nan", 0 },
	{ "1,5G", 0 },
	{ "\xef\xbc\x91K", 0 },
};

static const struct row times[] = {
	{ "10", 10000 },     { "10s", 10000 },  { "250ms", 250 },
	{ "1.5m", 90000 },   { "2h", 7200000 }, { "0.25", 250 },
	{ "1.9996s", 1999 }, { "0", 0 },        { "0s", 0 },
	{ "0.0001s", 0 },    { "1.5ms", 0 },    { "-5s", 0 },
	{ "5 s", 0 },        { "5sec", 0 },     { "1e3s", 0 },
	{ "1d", 0 },         { "inf", 0 },      { "9999999999999999999h", 0 },
};

typedef int parse_fn(const char *s, uint64_t *out, struct err *err);

static void check_rows(parse_fn *parse, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t got = UNTOUCHED;
		struct err err = { 0 };
		int rc = parse(rows[i].text, &got, &err);
		bool ok = rows[i].value
				  ? rc == 0 && got == rows[i].value
				  : rc == -ERR_INVALID && got == UNTOUCHED &&
					    err.text[0] && err.remedy[0];

		if (!CHECK(ok))
			tap_note("\"%s\" gave %d, %llu: %s", rows[i].text, rc,
				 (unsigned long long)got, err.text);
		/* the error is optional, the refusal is not */
		CHECK_INT(parse(rows[i].text, &got, NULL), rc);
	}
}

static void parses_sizes(void)
{
	check_rows(str_parse_size, sizes, sizeof(sizes) / sizeof(sizes[0]));
}

static void parses_times(void)
{
	check_rows(str_parse_time, times, sizeof(times) / sizeof(times[0]));
}

static void parses_counts_in_range(void)
{
	struct err err;
	uint64_t n = UNTOUCHED;

	CHECK_INT(str_parse_uint("5", 1, 10, &n, &err), 0);
	CHECK_INT(n, 5);
	CHECK_INT(str_parse_uint("0", 0, 10, &n, &err), 0);
	CHECK_INT(n, 0);
	CHECK_INT(str_parse_uint("11", 1, 10, &n, &err), -ERR_INVALID);
	CHECK_STR(err.text, "11 is outside 1 to 10");
	CHECK_STR(err.remedy, "a number from 1 to 10");
	CHECK_INT(str_parse_uint("0", 1, 10, &n, &err), -ERR_INVALID);
	CHECK_INT(str_parse_uint("5.0", 1, 10, &n, &err), -ERR_INVALID);
	CHECK_INT(str_parse_uint("5K", 1, 10000, &n, &err), -ERR_INVALID);
	CHECK_INT(n, 0);
}

static void parses_thousandths(void)
{
	struct err err;
	uint64_t n = UNTOUCHED;

	CHECK_INT(str_parse_milli("1.5", 100, 64000, &n, &err), 0);
	CHECK_INT(n, 1500);
	CHECK_INT(str_parse_milli("2", 100, 64000, &n, &err), 0);
	CHECK_INT(n, 2000);
	CHECK_INT(str_parse_milli("0.05", 100, 64000, &n, &err), -ERR_INVALID);
	CHECK_STR(err.text, "0.05 is outside 0.1 to 64");
	CHECK_INT(str_parse_milli("1.5s", 1, 9999, &n, &err), -ERR_INVALID);
	CHECK_INT(n, 2000);
}

static void formats_what_parses_back(void)
{
	static const struct row size_rows[] = {
		{ "256M", 268435456 },   { "1000", 1000 },     { "1K", 1024 },
		{ "1536M", 1610612736 }, { "2G", 2147483648 }, { "1", 1 },
	};
	static const struct row time_rows[] = {
		{ "250ms", 250 },   { "1.5s", 1500 },  { "10s", 10000 },
		{ "10m", 600000 },  { "2h", 7200000 }, { "90s", 90000 },
		{ "1.001s", 1001 },
	};
	char out[32];
	uint64_t back;

	for (size_t i = 0; i < sizeof(size_rows) / sizeof(size_rows[0]); i++) {
		str_format_size(size_rows[i].value, out, sizeof(out));
		CHECK_STR(out, size_rows[i].text);
		CHECK_INT(str_parse_size(out, &back, NULL), 0);
		CHECK(back == size_rows[i].value);
	}
	for (size_t i = 0; i < sizeof(time_rows) / sizeof(time_rows[0]); i++) {
		str_format_time(time_rows[i].value, out, sizeof(out));
		CHECK_STR(out, time_rows[i].text);
		CHECK_INT(str_parse_time(out, &back, NULL), 0);
		CHECK(back == time_rows[i].value);
	}
	CHECK_STR(str_format_size(0, out, sizeof(out)), "0");
	CHECK_STR(str_format_time(0, out, sizeof(out)), "0ms");
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(parses_sizes),
		TEST(parses_times),
		TEST(parses_counts_in_range),
		TEST(parses_thousandths),
		TEST(formats_what_parses_back),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
