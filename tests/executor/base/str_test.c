/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing, cutting, near names, random names. */
#include "executor/base/str.h"

#include "tests/tap.h"

#include <string.h>

static void compares(void)
{
	CHECK(str_equal("a", "a") && !str_equal("a", "A"));
	CHECK(str_equal(NULL, NULL) && !str_equal(NULL, "") &&
	      !str_equal("", NULL));
	CHECK(str_starts("abc", "ab") && str_starts("abc", ""));
	CHECK(!str_starts("ab", "abc"));
	CHECK(str_ends("abc", "bc") && str_ends("abc", ""));
	CHECK(!str_ends("bc", "abc") && !str_ends("abc", "b"));
}

static void copies_with_truncation(void)
{
	char dst[4] = "zzz";

	CHECK(str_copy(dst, sizeof(dst), "abc"));
	CHECK_STR(dst, "abc");
	CHECK(!str_copy(dst, sizeof(dst), "abcd"));
	CHECK_STR(dst, "abc");
	CHECK(!str_copy(dst, 0, "x"));
	CHECK_STR(dst, "abc");
}

static void trims(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" },         { "  ", "" },
		{ "a", "a" },       { " a b\t\n", "a b" },
		{ "\v\f\ra", "a" }, { "a  ", "a" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[32];

		str_copy(text, sizeof(text), rows[i].in);
		CHECK_STR(str_trim(text), rows[i].out);
	}
}

static void takes_words(void)
{
	char text[] = "  one\ttwo  three";
	char *rest = text;

	CHECK_STR(str_word(&rest), "one");
	CHECK_STR(str_word(&rest), "two");
	CHECK_STR(str_word(&rest), "three");
	CHECK(str_word(&rest) == NULL);
	CHECK(str_word(&rest) == NULL);
}

static void knows_identifiers(void)
{
	static const char *const good[] = { "a", "_", "A9_z", "PATH" };
	static const char *const bad[] = { "",         "9a", "a-b", "a b",
					   "\xc3\xa4", "a=", "a." };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(str_is_identifier(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!str_is_identifier(bad[i]));
}

static void finds_the_near_name(void)
{
	static const char *const names[] = { "time", "memory", "profile", "c",
					     NULL };
	static const char *const none[] = { NULL };
	char large[100];

	CHECK_STR(str_nearest("tme", names), "time");
	CHECK_STR(str_nearest("memroy", names), "memory");
	CHECK_STR(str_nearest("profil", names), "profile");
	CHECK_STR(str_nearest("C", names), "c");
	CHECK(str_nearest("network", names) == NULL);
	CHECK(str_nearest("", names) == NULL);
	CHECK(str_nearest("time", none) == NULL);
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	CHECK(str_nearest(large, names) == NULL);
}

static void makes_ids(void)
{
	char first[STR_ID_SIZE], second[STR_ID_SIZE];

	for (int i = 0; i < 1000; i++) {
		str_random_id(first);
		REQUIRE(strlen(first) == 20);
		REQUIRE(strspn(first, "abcdefghijklmnopqrstuvwxyz"
				      "0123456789") == 20);
		REQUIRE(first[0] >= 'a' && first[0] <= 'z');
	}
	str_random_id(second);
	CHECK(strcmp(first, second) != 0);
}

static void makes_uuids(void)
{
	char uuid[STR_UUID_SIZE], other[STR_UUID_SIZE];

	str_uuid4(uuid);
	str_uuid4(other);
	CHECK(strcmp(uuid, other) != 0);
	REQUIRE(strlen(uuid) == 36);
	for (int i = 0; i < 36; i++)
		CHECK((uuid[i] == '-') ==
		      (i == 8 || i == 13 || i == 18 || i == 23));
	CHECK(uuid[14] == '4');
	CHECK(strchr("89ab", uuid[19]) != NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(compares),
		TEST(copies_with_truncation),
		TEST(trims),
		TEST(takes_words),
		TEST(knows_identifiers),
		TEST(finds_the_near_name),
		TEST(makes_ids),
		TEST(makes_uuids),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
