/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: aligned, zeroed, apart from each other, never over the maximum. */
#include "executor/base/arena.h"

#include "tests/tap.h"

#include <stdint.h>
#include <string.h>

static void pieces_are_zeroed_aligned_and_apart(void)
{
	struct arena *a = arena_create(1 << 20);
	unsigned char *pieces[200];

	for (size_t i = 0; i < 200; i++) {
		size_t size = i * 37 % 4000 + 1;

		pieces[i] = arena_alloc(a, size);
		REQUIRE(pieces[i] != NULL);
		CHECK_INT((uintptr_t)pieces[i] % 16, 0);
		for (size_t k = 0; k < size; k++)
			REQUIRE(pieces[i][k] == 0);
		memset(pieces[i], (int)i, size);
	}
	for (size_t i = 0; i < 200; i++)
		CHECK(pieces[i][0] == (i & 0xff) &&
		      pieces[i][i * 37 % 4000] == (i & 0xff));
	CHECK(arena_alloc(a, 0) != arena_alloc(a, 0));
	arena_destroy(a);
	arena_destroy(NULL);
}

static void copies_text(void)
{
	struct arena *a = arena_create(4096);

	CHECK_STR(arena_strdup(a, "abc"), "abc");
	CHECK_STR(arena_strndup(a, "abcdef", 2), "ab");
	CHECK_STR(arena_printf(a, "%s %d", "x", 5), "x 5");
	CHECK(arena_strdup(a, NULL) == NULL);
	arena_destroy(a);
}

static void refuses_beyond_its_maximum(void)
{
	struct arena *a = arena_create(64);

	CHECK(arena_alloc(a, 65) == NULL);
	CHECK_INT(arena_used(a), 0);
	CHECK(arena_alloc(a, 48) != NULL);
	CHECK(arena_alloc(a, 17) == NULL);
	CHECK(arena_strdup(a, "0123456789abcdef") == NULL);
	CHECK(arena_printf(a, "%50d", 1) == NULL);
	CHECK(arena_alloc(a, SIZE_MAX) == NULL);
	CHECK(arena_strndup(a, "x", SIZE_MAX) == NULL);
	CHECK(arena_alloc(a, 16) != NULL);
	CHECK_INT(arena_used(a), 64);
	CHECK(arena_alloc(a, 1) == NULL);
	CHECK(arena_alloc(a, 0) == NULL);
	arena_destroy(a);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(pieces_are_zeroed_aligned_and_apart),
		TEST(copies_text),
		TEST(refuses_beyond_its_maximum),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
