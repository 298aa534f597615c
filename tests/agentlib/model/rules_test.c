/* SPDX-License-Identifier: Apache-2.0 */
/* The pure rules: the table of models, repetitions, secrets, words of errors. */
#include "agentlib/model/model_error.h"
#include "agentlib/model/model_table.h"
#include "agentlib/model/retry.h"
#include "agentlib/model/secret.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

static void models(void)
{
	static const struct {
		const char *name, *family;
		bool known, vision, tools, json, schema;
	} rows[] = {
		{ "gpt-4o", "gpt-4o", 1, 1, 1, 1, 1 },
		{ "gpt-4o-mini-2024-07-18", "gpt-4o", 1, 1, 1, 1, 1 },
		{ "gpt-4o-2024-05-13", "gpt-4o", 1, 1, 1, 1, 0 },
		{ "gpt-4", "gpt-4", 1, 0, 1, 1, 0 },
		{ "gpt-4-turbo-2024-04-09", "gpt-4", 1, 1, 1, 1, 0 },
		{ "gpt-4.1-nano", "gpt-41", 1, 1, 1, 1, 1 },
		{ "gpt-5", "gpt-5", 1, 1, 1, 1, 1 },
		{ "gpt-5.1", "gpt-5", 1, 1, 1, 1, 1 },
		{ "gpt-3.5-turbo", "gpt-35", 1, 0, 1, 1, 0 },
		{ "o1-mini", "o1", 1, 0, 0, 0, 0 },
		{ "o3-mini", "o3", 1, 0, 1, 1, 1 },
		{ "claude-sonnet-4-20250514", "claude-4-sonnet", 1, 1, 1, 0,
		  0 },
		{ "gemini-2.5-flash", "gemini-2.5-flash", 1, 1, 1, 1, 1 },
		{ "Llama-4-Maverick-17B-128E-Instruct-FP8", "llama-4-maverick",
		  1, 1, 1, 1, 1 },
		{ "gpt-4oops", "unknown", 0, 0, 1, 1, 0 },
		{ "o1x", "unknown", 0, 0, 1, 1, 0 },
		{ "qwen3", "unknown", 0, 0, 1, 1, 0 },
		{ "", "unknown", 0, 0, 1, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct model_info info;
		bool known = model_table_info(rows[i].name, &info);

		if (!(CHECK_INT(known, rows[i].known) &
		      CHECK_STR(info.family, rows[i].family) &
		      CHECK_INT(info.vision, rows[i].vision) &
		      CHECK_INT(info.function_calling, rows[i].tools) &
		      CHECK_INT(info.json_output, rows[i].json) &
		      CHECK_INT(info.structured_output, rows[i].schema)))
			tap_note("%s", rows[i].name);
	}
}

static void wanted(void)
{
	static const struct {
		struct retry_facts facts;
		bool want;
	} rows[] = {
		{ { .status = 0 }, true },
		{ { .status = 0, .permanent = true }, false },
		{ { .status = 200 }, true },
		{ { .status = 200, .given = true }, false },
		{ { .status = 400 }, false },
		{ { .status = 401 }, false },
		{ { .status = 408 }, true },
		{ { .status = 409 }, true },
		{ { .status = 429 }, true },
		{ { .status = 429, .quota = true }, false },
		{ { .status = 500 }, true },
		{ { .status = 529 }, true },
		{ { .status = 500, .advice = RETRY_NO }, false },
		{ { .status = 400, .advice = RETRY_YES }, true },
		{ { .status = 400, .advice = RETRY_YES, .given = true },
		  false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!CHECK_INT(retry_wanted(&rows[i].facts), rows[i].want))
			tap_note("row %zu", i);
}

static void delays(void)
{
	CHECK_INT(retry_delay_ms(1, UINT64_MAX, 0), 500);
	CHECK_INT(retry_delay_ms(2, UINT64_MAX, 0), 1000);
	CHECK_INT(retry_delay_ms(5, UINT64_MAX, 0), 8000);
	CHECK_INT(retry_delay_ms(4000000000u, UINT64_MAX, 0), 8000);
	for (uint32_t r = 0; r < 3000; r++) {
		uint64_t ms = retry_delay_ms(1, UINT64_MAX, r);

		CHECK(ms > 375 - 1 && ms <= 500);
	}
	CHECK_INT(retry_delay_ms(1, 0, 7), 0);
	CHECK_INT(retry_delay_ms(3, 1234, 7), 1234);
	CHECK_INT(retry_delay_ms(1, 60000, 0), 60000);
	CHECK(retry_delay_ms(1, 60001, 0) == UINT64_MAX);
}

static void secrets(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "key abc123 is bad", "key ****** is bad" },
		{ "abc123abc123", "************" },
		{ "given: sk-proj-1***9.", "given: **************" },
		{ "risk-free task-force", "risk-free task-force" },
		{ "sk- alone", "sk- alone" },
		{ "'sk-12345678' and sk-short", "'***********' and sk-short" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		_auto_free_ char *text = mem_strdup(rows[i].text);

		secret_redact(text, "abc123");
		CHECK_STR(text, rows[i].want);
	}
	{
		char text[] = "a *** b";

		/* a key of asterisks: it must end */
		secret_redact(text, "***");
		CHECK_STR(text, "a *** b");
	}
	CHECK(!secret_value("**********"));
	CHECK(!secret_value(""));
	CHECK(!secret_value(NULL));
	CHECK_STR(secret_value("k"), "k");
	CHECK(secret_header("AUTHORIZATION") && !secret_header("X-A"));
	secret_free(NULL);
}

static void words(void)
{
	static const struct {
		const char *json, *want; /* NULL: none */
		size_t size;             /* 0: 40 */
	} rows[] = {
		{ "{\"error\":{\"message\":\"m\"}}", "m" },
		{ "{\"error\":\"m\"}", "m" },
		{ "[{\"error\":{\"message\":\"m\"}}]", "m" },
		{ "{\"message\":\"m\"}", "m" },
		{ "{\"detail\":\"m\"}", "m" },
		{ "{\"error\":{}}", "an error without words" },
		{ "{\"error\":{\"message\":\"a\\u0007\\nb\"}}", "a  b" },
		{ "{\"error\":{\"message\":\"0123456789\xc3\xa9\"}}",
		  "0123456789", 12 },
		{ "{\"error\":null}", NULL },
		{ "{}", NULL },
		{ "1", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		_auto_json_ struct json *j = json_parse(rows[i].json,
							strlen(rows[i].json),
							1000, NULL);
		char out[40] = "";

		REQUIRE(j);
		CHECK_INT(model_error_words(j, out,
					    rows[i].size ? rows[i].size
							 : sizeof(out)),
			  rows[i].want != NULL);
		CHECK_STR(out, rows[i].want ? rows[i].want : "");
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(models), TEST(wanted),
						 TEST(delays), TEST(secrets),
						 TEST(words),  { 0 } };

	return tap_main(tests, argc, argv);
}
