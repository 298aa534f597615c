/* SPDX-License-Identifier: Apache-2.0 */
/* Chat completions against a real HTTP server: answers, errors, repetitions. */
#include "executor/base/clock.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/support/model_world.h"
#include "tests/tap.h"

#include <string.h>

static const struct json *of(const struct json *j, const char *a, const char *b)
{
	return json_get(json_get(j, a), b);
}

static void plain(void)
{
	struct create_result r;
	struct model_world w;
	_auto_json_ struct json *log = NULL;

	model_world_begin(&w, "[{\"reply\":\"one two\"}]");
	model_world_openai(&w, ",\"temperature\":0.5");
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	CHECK_STR(r.content, "one two");
	CHECK_INT(r.finish, FINISH_STOP);
	CHECK_INT(r.usage.completion_tokens, 2);
	CHECK(r.usage.prompt_tokens > 0);
	CHECK(!r.cached && !r.thought && !r.calls);
	CHECK_INT(w.model->total.completion_tokens, 2);
	log = replay_server_log(&w.server, 0);
	CHECK_STR(json_string(json_get(log, "path")), "/v1/chat/completions");
	CHECK_STR(json_string(of(log, "headers", "authorization")),
		  "Bearer sk-test-1234567890");
	CHECK_STR(json_string(of(log, "headers", "content-type")),
		  "application/json");
	CHECK_STR(json_string(of(log, "body", "model")), "gpt-4o");
	CHECK(json_number(of(log, "body", "temperature"), 0) == 0.5);
	CHECK(!of(log, "body", "stream"));
	create_result_finish(&r);
	model_world_end(&w);
}

static void streamed(void)
{
	struct create_result r;
	struct model_world w;

	model_world_begin(&w, "[{\"reply\":\"one two\\nthree\",\"split\":1},"
			      "{\"reply\":\"again\"}]");
	model_world_openai(&w, "");
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_STR(r.content, "one two\nthree");
	CHECK_STR(w.chunks.data, "one| two|\nthree|");
	CHECK_INT(r.usage.completion_tokens, 3);
	create_result_finish(&r);
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_STR(r.content, "again");
	create_result_finish(&r);
	model_world_end(&w);
}

static void stream_refused_by_service(void)
{
	struct create_result r;
	struct model_world w;

	model_world_begin(&w, "[{\"body\":{\"choices\":[{\"message\":"
			      "{\"content\":\"whole\"},\"finish_reason\":"
			      "\"stop\"}]}}]");
	model_world_openai(&w, "");
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_STR(r.content, "whole");
	CHECK_STR(w.chunks.data, "whole|");
	create_result_finish(&r);
	model_world_end(&w);
}

static void usage_is_asked_for(void)
{
	struct create_result r;
	struct model_world w;
	_auto_json_ struct json *log = NULL;

	model_world_begin(&w, "[{\"reply\":\"a\"}]");
	model_world_openai(&w, ",\"stream_options\":{\"include_usage\":false}");
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_INT(r.usage.completion_tokens, 0);
	log = replay_server_log(&w.server, 0);
	CHECK(!json_bool(json_get(of(log, "body", "stream_options"),
				  "include_usage"),
			 true));
	create_result_finish(&r);
	model_world_end(&w);
}

/* ---- errors ---- */

static const struct refusal {
	const char *recording;
	enum err_code code;
	const char *texts[4]; /* in text or remedy; "!x": x must not be */
	size_t requests;
} refusals[] = {
	{ "[{\"status\":401,\"body\":{\"error\":{\"message\":\"Incorrect API "
	  "key provided: sk-test-1234567890, or sk-te**7890.\"}}}]",
	  ERR_UNAUTHENTICATED,
	  { "401", "Incorrect API key", "api_key in the model's config",
	    "!sk-te" },
	  1 },
	{ "[{\"status\":404,\"body\":{\"error\":{\"message\":\"no such "
	  "model\"}}}]",
	  ERR_NOT_FOUND,
	  { "\"gpt-4o\"", "/v1/chat/completions", "no such model", "base_url" },
	  1 },
	{ "[{\"status\":404,\"headers\":{\"Content-Type\":\"text/html\"},"
	  "\"body\":\"x\"}]",
	  ERR_NOT_FOUND,
	  { "404" },
	  1 },
	{ "[{\"status\":400,\"body\":[{\"error\":{\"message\":\"bad "
	  "thing\"}}]}]",
	  ERR_INVALID,
	  { "400", "bad thing" },
	  1 },
	{ "[{\"status\":422,\"body\":{\"detail\":\"odd\"}}]",
	  ERR_INVALID,
	  { "odd" },
	  1 },
	{ "[{\"repeat\":true,\"status\":429,\"headers\":{\"Retry-After\":"
	  "\"0\"},\"body\":{\"error\":{\"message\":\"slow down\"}}}]",
	  ERR_RATE_LIMITED,
	  { "slow down", "429" },
	  3 },
	{ "[{\"status\":429,\"headers\":{\"Retry-After\":\"3600\"}}]",
	  ERR_RATE_LIMITED,
	  { "in 3600 seconds" },
	  1 },
	{ "[{\"status\":429,\"body\":{\"error\":{\"message\":\"no money\","
	  "\"code\":\"insufficient_quota\"}}}]",
	  ERR_RATE_LIMITED,
	  { "no money", "payment" },
	  1 },
	{ "[{\"repeat\":true,\"status\":503,\"headers\":{\"Retry-After\":"
	  "\"0\"}}]",
	  ERR_UNAVAILABLE,
	  { "503", "3 tries" },
	  3 },
	{ "[{\"status\":500,\"headers\":{\"x-should-retry\":\"false\"},"
	  "\"body\":{\"error\":\"broken\"}}]",
	  ERR_UNAVAILABLE,
	  { "500", "broken" },
	  1 },
	{ "[{\"status\":302,\"headers\":{\"Location\":\"http://a/b\"}}]",
	  ERR_UNAVAILABLE,
	  { "redirect", "http://a/b" },
	  1 },
	{ "[{\"status\":200,\"headers\":{\"Content-Type\":\"text/html\"},"
	  "\"raw\":\"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n"
	  "Content-Length: 6\\r\\n\\r\\n<html>\"}]",
	  ERR_UNAVAILABLE,
	  { "no JSON", "text/html", "base_url" },
	  1 },
	{ "[{\"raw\":\"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n\"}]",
	  ERR_UNAVAILABLE,
	  { "answers with nothing" },
	  1 },
	{ "[{\"body\":{\"choices\":[]}}]",
	  ERR_UNAVAILABLE,
	  { "no choices[0].message" },
	  1 },
	{ "[{\"body\":{\"error\":{\"message\":\"overloaded\"}}}]",
	  ERR_UNAVAILABLE,
	  { "overloaded" },
	  1 },
	{ "[{\"body\":{\"choices\":[{\"message\":{\"function_call\":{}}}]}}]",
	  ERR_UNSUPPORTED,
	  { "function_call" },
	  1 },
};

static void check_texts(const struct refusal *c, const struct err *err)
{
	for (int t = 0; t < 4 && c->texts[t]; t++) {
		const char *want = c->texts[t];
		bool wanted = *want != '!';
		bool there;

		want += !wanted;
		there = strstr(err->text, want) || strstr(err->remedy, want);
		if (!CHECK(there == wanted))
			tap_note("\"%s\" in: %s | %s", want, err->text,
				 err->remedy);
	}
}

static void refusals_are_explained(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const struct refusal *c = &refusals[i];
		struct create_result r;
		struct err err = { 0 };
		struct model_world w;

		model_world_begin(&w, c->recording);
		model_world_openai(&w, "");
		CHECK_INT(model_world_ask(&w, false, &r, &err), -(int)c->code);
		check_texts(c, &err);
		if (!CHECK_INT(replay_server_count(&w.server), c->requests))
			tap_note("%s", c->recording);
		CHECK(!r.content);
		model_world_end(&w);
	}
}

static void no_key_is_said(void)
{
	struct create_result r;
	struct err err = { 0 };
	struct model_world w;
	_auto_json_ struct json *log = NULL;

	model_world_environment(NULL);
	model_world_begin(&w, "[{\"status\":401}]");
	REQUIRE(model_world_load(&w, "OpenAIChatCompletionClient",
				 "{\"model\":\"gpt-4o\",\"base_url\":\"@\"}"));
	CHECK_INT(model_world_ask(&w, false, &r, &err), -ERR_UNAUTHENTICATED);
	CHECK_STR(err.remedy, "set OPENAI_API_KEY; no key was sent");
	log = replay_server_log(&w.server, 0);
	CHECK(!of(log, "headers", "authorization"));
	model_world_end(&w);
}

static void refused_connection(void)
{
	static const char *const env[] = { "OPENAI_BASE_URL=http://127.0.0.1:1",
					   "OPENAI_API_KEY=k", NULL };
	struct create_result r;
	struct err err = { 0 };
	struct model_world w;

	model_world_environment(env);
	model_world_begin(&w, NULL);
	REQUIRE(model_world_load(&w, "OpenAIChatCompletionClient",
				 "{\"model\":\"gpt-4o\",\"max_retries\":0}"));
	CHECK_INT(model_world_ask(&w, false, &r, &err), -ERR_UNAVAILABLE);
	CHECK(strstr(err.text, "http://127.0.0.1:1 refused"));
	CHECK(strstr(err.remedy, "set OPENAI_BASE_URL"));
	model_world_end(&w);
}

/* ---- repetitions ---- */

static void repeats_then_succeeds(void)
{
	static const char *const recordings[] = {
		"[{\"status\":429,\"headers\":{\"Retry-After\":\"0.02\"}},"
		"{\"status\":500,\"headers\":{\"retry-after-ms\":\"5\"}},"
		"{\"reply\":\"ok\"}]",
		"[{\"status\":408,\"headers\":{\"Retry-After\":\"0\"}},"
		"{\"status\":409,\"headers\":{\"Retry-After\":\"0\"}},"
		"{\"reply\":\"ok\"}]",
		"[{\"status\":418,\"headers\":{\"x-should-retry\":\"true\","
		"\"Retry-After\":\"0\"}},{\"reply\":\"ok\"}]",
		"[{\"close\":true},{\"reply\":\"ok\"}]",
	};

	for (size_t i = 0; i < 2 * ARRAY_LEN(recordings); i++) {
		struct create_result r;
		struct model_world w;

		model_world_begin(&w, recordings[i / 2]);
		model_world_openai(&w, "");
		CHECK_INT(model_world_ask(&w, i % 2, &r, NULL), 0);
		CHECK_STR(r.content, "ok");
		create_result_finish(&r);
		model_world_end(&w);
	}
}

static void server_decides_the_wait(void)
{
	struct create_result r;
	struct model_world w;
	uint64_t before;

	model_world_begin(&w, "[{\"status\":503,\"headers\":{\"Retry-After\":"
			      "\"0.3\"}},{\"reply\":\"ok\"}]");
	model_world_openai(&w, "");
	before = clock_now_ns();
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	CHECK(clock_now_ns() - before >= 300 * CLOCK_MS);
	create_result_finish(&r);
	model_world_end(&w);
}

static void begun_streams_are_not_repeated(void)
{
	struct create_result r;
	struct err err = { 0 };
	struct model_world w;

	model_world_begin(
		&w, "[{\"chunks\":[{\"data\":\"data: {\\\"choices\\\":[{"
		    "\\\"delta\\\":{\\\"content\\\":\\\"he\\\"}}]}\\n\\n\"}],"
		    "\"close\":true},{\"reply\":\"ok\"}]");
	model_world_openai(&w, "");
	CHECK_INT(model_world_ask(&w, true, &r, &err), -ERR_UNAVAILABLE);
	CHECK(strstr(err.text, "broke off"));
	CHECK_STR(w.chunks.data, "he|");
	CHECK_INT(replay_server_count(&w.server), 1);
	model_world_end(&w);
}

static void empty_streams_are_repeated(void)
{
	struct create_result r;
	struct model_world w;

	model_world_begin(&w, "[{\"chunks\":[{\"data\":\": hello\\n\\n\"}]},"
			      "{\"reply\":\"ok\"}]");
	model_world_openai(&w, "");
	CHECK_INT(model_world_ask(&w, true, &r, NULL), 0);
	CHECK_STR(r.content, "ok");
	create_result_finish(&r);
	model_world_end(&w);
}

static void connections_are_kept(void)
{
	struct create_result r;
	struct model_world w;

	model_world_begin(&w, "[{\"repeat\":true,\"reply\":\"a b\"}]");
	model_world_openai(&w, ",\"max_retries\":0");
	for (int i = 0; i < 20; i++) {
		CHECK_INT(model_world_ask(&w, i % 2, &r, NULL), 0);
		create_result_finish(&r);
	}
	CHECK_INT(replay_server_connections(&w.server), 1);
	model_world_end(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(plain),
		TEST(streamed),
		TEST(stream_refused_by_service),
		TEST(usage_is_asked_for),
		TEST(refusals_are_explained),
		TEST(no_key_is_said),
		TEST(refused_connection),
		TEST(repeats_then_succeeds),
		TEST(server_decides_the_wait),
		TEST(begun_streams_are_not_repeated),
		TEST(empty_streams_are_repeated),
		TEST(connections_are_kept),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
