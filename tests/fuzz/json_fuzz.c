/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in and out: what is read and printed reads back equal, prints the same
 * again, is bounded; what is refused is refused with a reason.
 */
#include "executor/base/json.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX ((size_t)1 << 20)

/* Levels below `j`; every key is found by its name, so none stands twice. */
static unsigned depth(const struct json *j)
{
	unsigned deepest = 0;
	bool object = json_is(j, JSON_OBJECT);

	for (const struct json *m = json_child(j); m; m = json_next(m)) {
		unsigned d = depth(m);

		FUZZ_CHECK(!object || json_get(j, json_key(m)) == m);
		deepest = d > deepest ? d : deepest;
	}
	return deepest + (object || json_is(j, JSON_ARRAY));
}

static void check_print(const struct json *j)
{
	char *printed = json_print(j), *again;
	struct err err = { 0 };
	struct json *back, *copy = json_copy(j);

	FUZZ_CHECK(str_utf8_valid(printed, strlen(printed)));
	/* an escape is at most six times what it stands for */
	back = json_parse(printed, strlen(printed), 6 * BYTES_MAX, &err);
	FUZZ_SAME(err.text, "");
	FUZZ_CHECK(back && fuzz_json_same(j, back) && fuzz_json_same(j, copy));
	again = json_print(back);
	FUZZ_SAME(again, printed);
	json_destroy(back);
	json_destroy(copy);
	mem_free(again);
	mem_free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct err err = { 0 };
	struct json *j = json_parse(text, size, BYTES_MAX, &err);

	FUZZ_CHECK(size == 0 || memcmp(text, data, size) == 0);
	if (j) {
		FUZZ_CHECK(err.code == ERR_NONE);
		FUZZ_CHECK(depth(j) <= JSON_DEPTH_MAX);
		FUZZ_CHECK(!json_key(j));
		check_print(j);
		FUZZ_CHECK(!json_parse(text, size, size - 1, NULL));
	} else {
		fuzz_check_err(&err);
	}
	json_destroy(j);
	free(text);
	return 0;
}
