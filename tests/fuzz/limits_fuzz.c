/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits that a front asks for, against any profile: what resolves is below
 * every ceiling and complete. Three structs, one after the other.
 */
#include "executor/spec/limits.h"

#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"

/* Small numbers and large ones alike. */
static void fill(struct fuzz_bytes *b, struct limits *l)
{
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t v = fuzz_u64(b);

		limit_put(l, row, v >> fuzz_byte(b) % 64);
	}
}

static void check(const struct limits *asked, const struct limits *got,
		  const struct limit_ranges *r)
{
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t v = limit_get(got, row), wish = limit_get(asked, row);
		uint64_t max = limit_get(&r->max, row);

		FUZZ_CHECK(!wish || v == wish);
		FUZZ_CHECK(!wish || !max || v <= max);
		FUZZ_CHECK(v || !limit_get(&r->def, row));
	}
	FUZZ_CHECK(!got->memory_bytes || got->disk_bytes < got->memory_bytes);
	FUZZ_CHECK(got->cpu_time_ms || !got->time_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes b = { data, size };
	struct limits asked = { 0 }, wish = { 0 }, got;
	struct limit_ranges r = { { 0 }, { 0 } };
	struct err err = { 0 };

	fill(&b, &asked);
	fill(&b, &r.def);
	fill(&b, &r.max);
	fill(&b, &wish);
	/* as a profile is: no default above its ceiling, time and memory set */
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t max = limit_get(&r.max, row);

		if (max && limit_get(&r.def, row) > max)
			limit_put(&r.def, row, max);
		if (!limit_get(&r.def, row))
			limit_put(&r.def, row, 1);
	}
	got = asked;
	if (fuzz_byte(&b) & 1)
		limits_prefer(&got, &wish, &r);
	asked = got;
	if (limits_resolve(&got, &r, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(*err.field);
	} else {
		check(&asked, &got, &r);
	}
	return 0;
}
