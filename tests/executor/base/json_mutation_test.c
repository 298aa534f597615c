/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that are broken at random, always the same way: whatever the gate lets
 * through cJSON must take, and must print to a text that means the same.
 */
#include "executor/base/json.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <stdint.h>
#include <string.h>

#define ROUNDS 40000
#define MAX 1024

static const char *const seeds[] = {
	"{\"a\":[1,2.5e-3,{\"b\":null}],\"c\":\"x\\u00e4\\ud83d\\ude00\"}",
	"[9007199254740993,-0,1E5,[[[[]]]],true,false,\"\\\\\\\"\\n\"]",
	" {\"\xc3\xa4\" : \"\xf0\x9f\x98\x80\" , \"\" : [ ] } ",
	"{\"k\":1,\"K\":2,\"k2\":{\"k\":1,\"k1\":{}},\"k3\":[\"k\",\"k\"]}",
};

/* The same numbers on every machine. */
static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Changes, drops, doubles or moves some bytes; returns the new length. */
static size_t mutate(char *text, size_t len, uint32_t *state)
{
	static const char bytes[] =
		"{}[]\",:\\u0019.eE+-ntf \n\x01\x80\xc3\xed";

	for (uint32_t n = next(state) % 4; n && len > 1; n--) {
		size_t at = next(state) % len;

		switch (next(state) % 3) {
		case 0:
			text[at] = bytes[next(state) % sizeof(bytes)];
			break;
		case 1:
			memmove(text + at, text + at + 1, len - at - 1);
			len--;
			break;
		default:
			memmove(text + at + 1, text + at, len - at);
			text[at] = text[next(state) % len];
			len++;
		}
	}
	return len;
}

/* What was accepted, printed and read again prints the same. */
static void check_stable(const struct json *j)
{
	_auto_free_ char *once = json_print(j), *twice = NULL;
	_auto_json_ struct json *again = json_parse(once, strlen(once), MAX,
						    NULL);

	if (!CHECK(again != NULL)) {
		tap_note("%s", once);
		return;
	}
	twice = json_print(again);
	CHECK_STR(twice, once);
}

static void the_gate_is_never_laxer_than_cjson(void)
{
	unsigned accepted = 0, refused = 0;
	uint32_t state = 1;

	for (int i = 0; i < ROUNDS; i++) {
		const char *seed = seeds[next(&state) % ARRAY_LEN(seeds)];
		size_t len = strlen(seed);
		struct err err = { 0 };
		char text[MAX];
		char *exact;
		struct json *j;

		memcpy(text, seed, len);
		len = mutate(text, len, &state);
		/* an allocation of its own: a byte too far is then seen */
		exact = mem_copy(text, len);
		j = json_parse(exact, len, MAX, &err);
		CHECK(j || err.code == ERR_INVALID ||
		      err.code == ERR_TOO_LARGE);
		CHECK(j || strncmp(err.text, "line ", 5) == 0);
		if (j)
			check_stable(j);
		accepted += j != NULL;
		refused += j == NULL;
		json_destroy(j);
		mem_free(exact);
	}
	/* or the test tests nothing */
	CHECK(accepted > ROUNDS / 10 && refused > ROUNDS / 10);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(the_gate_is_never_laxer_than_cjson),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
