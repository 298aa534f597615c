/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing, printing, defaults and ceilings of limits. */
#include "executor/spec/limits.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

static const struct limit_ranges ranges = {
	.def = { .time_ms = 10000,
		 .memory_bytes = 256 << 20,
		 .processes = 64,
		 .output_bytes = 1 << 20,
		 .disk_bytes = 64 << 20,
		 .files = 16384,
		 .open_files = 256,
		 .stack_bytes = 8 << 20,
		 .cpu_milli = 1000 },
	.max = { .time_ms = 600000,
		 .memory_bytes = 4ULL << 30,
		 .processes = 1024,
		 .output_bytes = 64 << 20,
		 .disk_bytes = 2ULL << 30 },
};

static void names_with_dash_or_underscore(void)
{
	CHECK(limit_find("cpu-time") == limit_find("cpu_time"));
	CHECK(limit_find("cpu-time") != NULL);
	CHECK(limit_find("cpu") == NULL);
	CHECK(limit_find("cpu-timer") == NULL);
	CHECK(limit_find("") == NULL);
}

static const struct {
	const char *name, *text;
	uint64_t value; /* 0: refused */
} texts[] = {
	{ "time", "10s", 10000 },   { "time", "2", 2000 },
	{ "time", "250ms", 250 },   { "memory", "256M", 256 << 20 },
	{ "memory", "4096", 4096 }, { "processes", "64", 64 },
	{ "cpus", "1.5", 1500 },    { "cpus", "0.25", 250 },
	{ "time", "0", 0 },         { "time", "-1", 0 },
	{ "time", "nan", 0 },       { "time", "1e9", 0 },
	{ "memory", "64X", 0 },     { "memory", "99999999999999999G", 0 },
	{ "processes", "1.5", 0 },  { "processes", "+5", 0 },
	{ "processes", "", 0 },     { "cpus", "inf", 0 },
	{ "memory", "0x10", 0 },    { "time", "10 s", 0 },
};

static void texts_become_values(void)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct limit_row *row = limit_find(texts[i].name);
		struct err err = { 0 };
		uint64_t value = 0;
		int rc = limit_parse(row, texts[i].text, &value, &err);

		if (!CHECK_INT(value, texts[i].value) ||
		    !CHECK_INT(rc < 0, !texts[i].value))
			tap_note("%s = %s", texts[i].name, texts[i].text);
		if (rc < 0)
			CHECK_STR(err.field, texts[i].name);
	}
}

static void what_is_printed_reads_back(void)
{
	static const uint64_t values[] = { 1,    250,       999,
					   1000, 1024,      1500,
					   4096, 123456789, 256 << 20 };

	for (const struct limit_row *row = limit_rows; row->name; row++)
		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			char text[32];
			uint64_t back = 0;

			limit_format(row, values[i], text, sizeof(text));
			CHECK_INT(limit_parse(row, text, &back, NULL), 0);
			CHECK_INT(back, values[i]);
		}
}

static void defaults_fill_what_is_left_open(void)
{
	struct limits l = { .time_ms = 3000 };

	CHECK_INT(limits_resolve(&l, &ranges, NULL), 0);
	CHECK_INT(l.time_ms, 3000);
	CHECK_INT(l.cpu_time_ms, 3000);
	CHECK_INT(l.memory_bytes, 256 << 20);
	CHECK_INT(l.disk_bytes, 64 << 20);
}

static void ceilings_hold(void)
{
	struct limits l = { .memory_bytes = (4ULL << 30) + 1 };
	struct limits before = l;
	struct err err = { 0 };

	CHECK_INT(limits_resolve(&l, &ranges, &err), -ERR_INVALID);
	CHECK_STR(err.field, "memory");
	CHECK(strstr(err.remedy, "4G") != NULL);
	CHECK(memcmp(&l, &before, sizeof(l)) == 0);
	l.memory_bytes--;
	CHECK_INT(limits_resolve(&l, &ranges, &err), 0);
	memset(&l, 0, sizeof(l));
	l.open_files = 1 << 20; /* this row has no ceiling */
	CHECK_INT(limits_resolve(&l, &ranges, &err), 0);
}

static void disk_stays_below_memory(void)
{
	struct limits l = { .memory_bytes = 32 << 20 };
	struct err err = { 0 };

	CHECK_INT(limits_resolve(&l, &ranges, &err), 0);
	CHECK_INT(l.disk_bytes, 16 << 20);
	memset(&l, 0, sizeof(l));
	l.disk_bytes = 256 << 20;
	CHECK_INT(limits_resolve(&l, &ranges, &err), -ERR_INVALID);
	CHECK_STR(err.field, "disk");
}

static void wishes_raise_defaults_only(void)
{
	struct limits wish = { .processes = 256,
			       .time_ms = 5000,
			       .memory_bytes = 64ULL << 30 };
	struct limits l = { 0 };

	limits_prefer(&l, &wish, &ranges);
	CHECK_INT(l.processes, 256);
	CHECK_INT(l.time_ms, 0);               /* less than the default */
	CHECK_INT(l.memory_bytes, 4ULL << 30); /* cut to the ceiling */
	l.processes = 10;
	limits_prefer(&l, &wish, &ranges);
	CHECK_INT(l.processes, 10); /* somebody asked */
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(names_with_dash_or_underscore),
		TEST(texts_become_values),
		TEST(what_is_printed_reads_back),
		TEST(defaults_fill_what_is_left_open),
		TEST(ceilings_hold),
		TEST(disk_stays_below_memory),
		TEST(wishes_raise_defaults_only),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
