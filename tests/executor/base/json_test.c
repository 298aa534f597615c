/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in: what is refused and where, and that nothing else is changed. */
#include "executor/base/json.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#define MAX 100000

static struct json *parse(const char *text, struct err *err)
{
	return json_parse(text, strlen(text), MAX, err);
}

/* Texts that come out as they went in. */
static const char *const kept[] = {
	"null",
	"true",
	"[]",
	"{}",
	"\"\"",
	"[1,-1,0,-0,1.0,1.50,1e5,1E+5,0.1,-0.0]",
	"[9007199254740993,-9007199254740993]",
	"[9223372036854775807,-9223372036854775808]",
	"[123456789012345678901234567890]",
	"[1,2,3,9007199254740993,4,[5.0,{\"a\":6.0}],7,8.0]",
	"{\"a\":{\"b\":[1,{\"c\":null}]},\"A\":2,\"\":3}",
	"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"",
	"\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"",
};

static void keeps_what_is_right(void)
{
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct err err = { 0 };
		_auto_json_ struct json *j = parse(kept[i], &err);
		_auto_json_ struct json *copy = NULL;
		_auto_free_ char *text = NULL, *again = NULL;

		if (!CHECK(j != NULL)) {
			tap_note("%s: %s", kept[i], err.text);
			continue;
		}
		text = json_print(j);
		CHECK_STR(text, kept[i]);
		copy = json_copy(j);
		again = json_print(copy);
		CHECK_STR(again, kept[i]);
	}
}

/* Texts that are accepted and mean the one beside them. */
static const struct {
	const char *in, *out;
} changed[] = {
	{ " \t\r\n[ 1 , 2 ]\n ", "[1,2]" },
	{ "\xef\xbb\xbf{}", "{}" },
	{ "\"\\/\\u0041\\u00e4\\u20AC\"", "\"/A\xc3\xa4\xe2\x82\xac\"" },
	{ "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
	{ "\"a\\u0000b\"", "\"a\xef\xbf\xbd"
			   "b\"" },
	{ "{\"\\u0000\":1}", "{\"\xef\xbf\xbd\":1}" },
	{ "\"\\ud83d\"", "\"\xef\xbf\xbd\"" },
	{ "\"\\ude00x\"", "\"\xef\xbf\xbdx\"" },
	{ "\"\\ud83d\\ud83d\\ude00\"", "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"" },
	{ "\"\\ud83d\\n\"", "\"\xef\xbf\xbd\\n\"" },
	{ "\"\\\\u0000\"", "\"\\\\u0000\"" }, /* a backslash, then u0000 */
};

static void reads_what_c_cannot_hold(void)
{
	for (size_t i = 0; i < ARRAY_LEN(changed); i++) {
		struct err err = { 0 };
		_auto_json_ struct json *j = parse(changed[i].in, &err);
		_auto_free_ char *text = NULL;

		if (!CHECK(j != NULL)) {
			tap_note("%s: %s", changed[i].in, err.text);
			continue;
		}
		text = json_print(j);
		CHECK_STR(text, changed[i].out);
	}
}

static const struct {
	const char *text, *why;
} refused[] = {
	{ "", "line 1, column 1: a value is missing" },
	{ "  ", "line 1, column 3: a value is missing" },
	{ "nul", "line 1, column 1: a value is missing" },
	{ "True", "line 1, column 1: a value is missing" },
	{ "NaN", "line 1, column 1: a value is missing" },
	{ "'a'", "line 1, column 1: a value is missing" },
	{ "// x\n1", "line 1, column 1: a value is missing" },
	{ "[1,]", "line 1, column 4: a value is missing" },
	{ "[,1]", "line 1, column 2: a value is missing" },
	{ "[1 2]", "line 1, column 4: a comma or ] is missing" },
	{ "[1", "line 1, column 3: a comma or ] is missing" },
	{ "[1}", "line 1, column 3: a comma or ] is missing" },
	{ "{\"a\":1,}", "line 1, column 8: a key in quotes is missing" },
	{ "{a:1}", "line 1, column 2: a key in quotes is missing" },
	{ "{\"a\" 1}", "line 1, column 6: a colon is missing" },
	{ "{\"a\":}", "line 1, column 6: a value is missing" },
	{ "{\"a\":1 \"b\":2}", "line 1, column 8: a comma or } is missing" },
	{ "1 1", "line 1, column 3: text stands after the value" },
	{ "{}x", "line 1, column 3: text stands after the value" },
	{ "nullx", "line 1, column 5: text stands after the value" },
	{ "\"a", "line 1, column 3: the string has no end" },
	{ "\"a\\", "line 1, column 4: there is no such escape" },
	{ "\"\\x41\"", "line 1, column 3: there is no such escape" },
	{ "\"\\u12\"", "line 1, column 4: \\u needs four hexadecimal digits" },
	{ "\"\\u123g\"",
	  "line 1, column 4: \\u needs four hexadecimal digits" },
	{ "\"\\u12", "line 1, column 4: \\u needs four hexadecimal digits" },
	{ "\"\n\"", "line 1, column 2: a control character in a string" },
	{ "\"\x80\"", "line 1, column 2: a byte that is not UTF-8" },
	{ "\"\xed\xa0\x80\"", "line 1, column 2: a byte that is not UTF-8" },
	{ "01", "line 1, column 2: a number begins with 0" },
	{ "-01", "line 1, column 3: a number begins with 0" },
	{ "+1", "line 1, column 1: a value is missing" },
	{ ".5", "line 1, column 1: a value is missing" },
	{ "1.", "line 1, column 3: a digit is missing" },
	{ "1e", "line 1, column 3: a digit is missing" },
	{ "-", "line 1, column 2: a digit is missing" },
	{ "0x10", "line 1, column 2: text stands after the value" },
	{ "[1e999]", "line 1, column 2: the number is out of range" },
	{ "[\n\"\xc3\xa4\",\n  \"\xc3\xa4\" x]",
	  "line 3, column 7: a comma or ] is missing" },
	{ "{\"a\":1,\"b\":2,\"a\":3}",
	  "line 1, column 14: the key \"a\" stands twice" },
	{ "{\"\\u0061\":1,\"a\":2}",
	  "line 1, column 13: the key \"a\" stands twice" },
	{ "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}",
	  "line 1, column 19: the key \"\xf0\x9f\x98\x80\" stands twice" },
	{ "[{\"x\":{\"y\":1,\"y\":2}}]",
	  "line 1, column 14: the key \"y\" stands twice" },
};

static void refuses_with_the_place(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct err err = { 0 };
		struct json *j = parse(refused[i].text, &err);

		CHECK(j == NULL);
		json_destroy(j);
		CHECK_INT(err.code, ERR_INVALID);
		CHECK_STR(err.text, refused[i].why);
		CHECK(parse(refused[i].text, NULL) == NULL);
	}
}

static void refuses_bytes_after_a_nul(void)
{
	struct err err;

	CHECK(json_parse("1\0", 2, MAX, &err) == NULL);
	CHECK_STR(err.text, "line 1, column 2: text stands after the value");
	CHECK(json_parse("\"\0\"", 3, MAX, &err) == NULL);
	CHECK(json_parse("[1]", 2, MAX, &err) == NULL);
}

static void the_same_key_elsewhere_is_fine(void)
{
	_auto_json_ struct json *j =
		parse("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":{\"a\":1},"
		      "\"A\":1}",
		      NULL);

	CHECK(j != NULL);
}

static void limits_depth_size_and_numbers(void)
{
	char text[300] = "";
	struct err err;
	struct json *j;

	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	j = parse(text, &err);
	CHECK(j != NULL);
	json_destroy(j);
	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	CHECK(parse(text, &err) == NULL);
	CHECK_INT(err.code, ERR_TOO_LARGE);
	CHECK_STR(err.text, "line 1, column 65: it is nested too deeply");

	CHECK(json_parse("[1]", 3, 2, &err) == NULL);
	CHECK_INT(err.code, ERR_TOO_LARGE);

	memset(text, '1', 63);
	text[63] = '\0';
	j = parse(text, &err);
	CHECK(j != NULL);
	json_destroy(j);
	memset(text, '1', 64);
	text[64] = '\0';
	CHECK(parse(text, &err) == NULL);
	CHECK_INT(err.code, ERR_TOO_LARGE);
}

/* A deep text of a stranger must not cost a deep stack either. */
static void a_flood_of_brackets_is_refused(void)
{
	char *flood = mem_zero(1, MAX);
	struct err err;

	memset(flood, '[', MAX);
	CHECK(json_parse(flood, MAX, MAX, &err) == NULL);
	CHECK_INT(err.code, ERR_TOO_LARGE);
	mem_free(flood);
}

static void looks_up_with_case(void)
{
	_auto_json_ struct json *j =
		parse("{\"Key\":1,\"key\":\"two\",\"list\":[1,2,3]}", NULL);
	const struct json *list = json_get(j, "list");

	CHECK_STR(json_string(json_get(j, "key")), "two");
	CHECK(json_get(j, "KEY") == NULL);
	CHECK(json_get(list, "0") == NULL && json_get(NULL, "x") == NULL);
	CHECK_INT(json_count(j), 3);
	CHECK_INT(json_count(list), 3);
	CHECK_INT(json_count(json_child(list)), 0);
	CHECK_STR(json_key(json_child(j)), "Key");
	CHECK(json_key(json_child(list)) == NULL);
	CHECK(json_next(json_next(json_next(json_child(list)))) == NULL);
	CHECK(json_next(j) == NULL && json_next(NULL) == NULL);
	CHECK_STR(json_type_name(json_type(list)), "array");
	CHECK_STR(json_type_name(json_type(NULL)), "null");
}

static void values_have_defaults(void)
{
	_auto_json_ struct json *j = parse("[1.5,true,\"s\",null]", NULL);
	const struct json *number = json_child(j);
	const struct json *yes = json_next(number);
	const struct json *text = json_next(yes);

	CHECK(json_number(number, 0) == 1.5 && json_number(text, 7) == 7);
	CHECK(json_bool(yes, false) && json_bool(text, true));
	CHECK(!json_bool(NULL, false) && json_number(NULL, 3) == 3);
	CHECK_STR(json_string(text), "s");
	CHECK(json_string(number) == NULL && json_string(NULL) == NULL);
}

static void integers_are_exact_or_none(void)
{
	static const struct {
		const char *text;
		int64_t value;
		bool is;
	} rows[] = {
		{ "0", 0, true },
		{ "-0", 0, true },
		{ "-7", -7, true },
		{ "1.0", 1, true },
		{ "1e3", 1000, true },
		{ "9007199254740993", 9007199254740993, true },
		{ "9223372036854775807", INT64_MAX, true },
		{ "-9223372036854775808", INT64_MIN, true },
		{ "9223372036854775808", 0, false },
		{ "-9223372036854775809", 0, false },
		{ "1.5", 0, false },
		{ "1e300", 0, false },
		{ "\"1\"", 0, false },
		{ "null", 0, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		_auto_json_ struct json *j = parse(rows[i].text, NULL);
		int64_t got = 42;

		CHECK_INT(json_int(j, &got), rows[i].is);
		CHECK(got == (rows[i].is ? rows[i].value : 42));
	}
	CHECK(!json_int(NULL, NULL));
}

static void a_copy_is_its_own_root(void)
{
	struct json *j = parse("{\"a\":{\"b\":9007199254740993}}", NULL);
	_auto_json_ struct json *copy = json_copy(json_get(j, "a"));
	_auto_free_ char *text = NULL;
	int64_t value = 0;

	json_destroy(j);
	CHECK(json_key(copy) == NULL);
	CHECK(json_int(json_get(copy, "b"), &value));
	CHECK(value == 9007199254740993);
	text = json_print(copy);
	CHECK_STR(text, "{\"b\":9007199254740993}");
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(keeps_what_is_right),
		TEST(reads_what_c_cannot_hold),
		TEST(refuses_with_the_place),
		TEST(refuses_bytes_after_a_nul),
		TEST(the_same_key_elsewhere_is_fine),
		TEST(limits_depth_size_and_numbers),
		TEST(a_flood_of_brackets_is_refused),
		TEST(looks_up_with_case),
		TEST(values_have_defaults),
		TEST(integers_are_exact_or_none),
		TEST(a_copy_is_its_own_root),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
