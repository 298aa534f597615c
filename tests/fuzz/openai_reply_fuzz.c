/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a reply: as a chat completion, and as the words of a refusal, in
 * which no key may stand.
 */
#include "agentlib/model/openai_reply.h"

#include "agentlib/model/model_error.h"
#include "agentlib/model/retry.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_model.h"
#include <string.h>

#define KEY "sk-secret-key-12345"

static void check_answer(const struct json *j)
{
	static const struct model_info info = { .family = "unknown" };
	struct create_result r = { 0 };
	struct err err = { 0 };

	if (openai_reply_read(j, &info, &r, &err) < 0)
		fuzz_check_err(&err);
	else
		fuzz_model_check(&r);
	create_result_finish(&r);
}

static void check_words(const struct json *j, size_t size)
{
	char words[300];

	if (!model_error_words(j, words, size))
		return;
	FUZZ_CHECK(strlen(words) < size);
	FUZZ_CHECK(str_utf8_valid(words, strlen(words)));
	for (const char *p = words; *p; p++)
		FUZZ_CHECK((unsigned char)*p >= ' ' && *p != 0x7f);
}

static void check_refusal(const char *body, size_t len, int status)
{
	struct model_error_facts f = {
		.status = status,
		.url = "https://api.example.org/v1/chat/completions",
		.model = "gpt-4o",
		.key_source = "OPENAI_API_KEY",
		.key = KEY,
		.location = "",
		.retry_after_ms = UINT64_MAX,
		.tries = 1,
		.body = body,
		.body_len = len,
	};
	struct err err = { 0 };

	FUZZ_CHECK(model_error_status(&f, &err) == -(int)err.code);
	fuzz_check_err(&err);
	FUZZ_CHECK(!strstr(err.text, KEY) && !strstr(err.remedy, KEY));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 301, 400, 401, 404, 418, 429, 500 };
	struct fuzz_dice dice = fuzz_dice(data, size);
	char *body = fuzz_text(data, size);
	struct json *j = json_parse(body, size, 1 << 20, NULL);

	if (j) {
		check_answer(j);
		check_words(j, 2 + fuzz_throw(&dice, 298));
	}
	check_refusal(body, size,
		      statuses[fuzz_throw(&dice, ARRAY_LEN(statuses) - 1)]);
	json_destroy(j);
	mem_free(body);
	return 0;
}
