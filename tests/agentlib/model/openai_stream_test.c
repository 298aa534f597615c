/* SPDX-License-Identifier: Apache-2.0 */
/* Streams and whole answers, cut at every byte; what they settle to. */
#include "agentlib/model/openai_stream.h"

#include "agentlib/model/model_table.h"
#include "agentlib/model/openai_reply.h"
#include "agentlib/model/vendor_stream.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

#define EV(json) "data: " json "\n\n"
#define DELTA(json) EV("{\"choices\":[{\"delta\":" json "}]}")
#define END(reason)                                                            \
	EV("{\"choices\":[{\"delta\":{},\"finish_reason\":\"" reason "\"}]}")
#define DONE EV("[DONE]")
#define TOOL(json) DELTA("{\"tool_calls\":[" json "]}")

static const struct row {
	const char *model, *in;
	const char *chunks;  /* a | behind each */
	const char *content; /* NULL: none */
	const char *thought;
	const char *calls; /* "id:name(arguments)" each */
	enum finish_reason finish;
	int64_t prompt, completion;
} rows[] = {
	{ "gpt-4o",
	  DELTA("{\"role\":\"assistant\",\"content\":\"\"}") DELTA(
		  "{\"content\":\"he\"}") DELTA("{\"content\":\"llo \\u00e9\"}")
		  END("stop")
			  EV("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
			     "\"completion_tokens\":4}}") DONE,
	  "he|llo \xc3\xa9|", "hello \xc3\xa9", NULL, "", FINISH_STOP, 3, 4 },
	{ "gpt-4o", DELTA("{\"content\":\"cut\"}") END("length"), "cut|", "cut",
	  NULL, "", FINISH_LENGTH },
	{ "gpt-4o", DELTA("{\"content\":\"x\"}") DONE, "x|", "x", NULL, "",
	  FINISH_UNKNOWN },
	{ "gpt-4o", END("content_filter") DONE, "", "", NULL, "",
	  FINISH_CONTENT_FILTER },
	{ "gpt-4o", DELTA("{\"refusal\":\"no\"}") END("stop"), "no|", "no",
	  NULL, "", FINISH_STOP },
	{ "gpt-4o",
	  TOOL("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"add\","
	       "\"arguments\":\"\"}}")
		  TOOL("{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\"}}") TOOL(
			  "{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"a b\","
			  "\"arguments\":\"{}\"}}")
			  TOOL("{\"index\":0,\"id\":\"\",\"function\":{\"arguments\":"
			       "\"\\\":1}\"}}") END("tool_calls") DONE,
	  "", NULL, NULL, "c1:add({\"x\":1})c2:a_b({})",
	  FINISH_FUNCTION_CALLS },
	{ "gpt-4o",
	  DELTA("{\"content\":\"I add\"}") TOOL(
		  "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\"}}")
		  TOOL("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}")
			  END("stop"),
	  "I add|", NULL, "I add", "a:f({})b:g({})", FINISH_FUNCTION_CALLS },
	{ "gpt-4o",
	  DELTA("{\"reasoning_content\":\"hm\"}")
		  DELTA("{\"reasoning_content\":\" so\"}")
			  DELTA("{\"content\":\"this\"}") END("stop") DONE,
	  "<think>|hm| so|</think>|this|", "this", "hm so", "", FINISH_STOP },
	{ "gpt-4o", DELTA("{\"reasoning\":\"hm\"}") END("stop") DONE,
	  "<think>|hm|</think>|", "", "hm", "", FINISH_STOP },
	{ "my-model",
	  DELTA("{\"content\":\"<think>think hint</think>\\nnot\"}")
		  END("stop"),
	  "<think>think hint</think>\nnot|", "not", "think hint", "",
	  FINISH_STOP },
	{ "gpt-4o", DELTA("{\"content\":\"<think>a</think>b\"}") END("stop"),
	  "<think>a</think>b|", "<think>a</think>b", NULL, "", FINISH_STOP },
	{ "my-model", DELTA("{\"content\":\"<think>endless\"}") END("length"),
	  "<think>endless|", "<think>endless", NULL, "", FINISH_LENGTH },
	{ "gpt-4o",
	  ": ping\n\n" EV("{\"choices\":[]}")
		  EV("{\"choices\":[{\"delta\":null,\"finish_reason\":null}]}")
			  DELTA("{\"content\":null}")
				  DELTA("{\"content\":\"x\"}") END("end_turn"),
	  "x|", "x", NULL, "", FINISH_STOP },
	{ "gpt-4o",
	  DELTA("{\"content\":\"x\"}") END("stop")
		  DONE DELTA("{\"content\":\"after\"}") "data: nonsense\n\n",
	  "x|", "x", NULL, "", FINISH_STOP },
};

static int collect(void *arg, const char *text, size_t len, struct err *err)
{
	buf_add(arg, text, len);
	buf_putc(arg, '|');
	return 0;
}

static char *calls_of(const struct create_result *r)
{
	struct buf b;

	buf_init(&b, 65536);
	for (size_t i = 0; i < r->call_count; i++)
		buf_printf(&b, "%s:%s(%s)", r->calls[i].id, r->calls[i].name,
			   r->calls[i].arguments);
	buf_puts(&b, "");
	return buf_take(&b);
}

static void check_result(const struct row *row, const struct create_result *r,
			 const char *chunks)
{
	_auto_free_ char *calls = calls_of(r);

	CHECK_STR(chunks, row->chunks);
	CHECK_STR(r->content, row->content);
	CHECK_STR(r->thought, row->thought);
	CHECK_STR(calls ? calls : "", row->calls);
	CHECK_INT(r->finish, row->finish);
	CHECK_INT(r->usage.prompt_tokens, row->prompt);
	CHECK_INT(r->usage.completion_tokens, row->completion);
}

static void play(const struct row *row, size_t a, size_t b)
{
	size_t len = strlen(row->in);
	struct vendor_stream s;
	struct model_info info;
	struct create_result r;
	struct buf chunks;
	struct model_request req = { .chunk = collect, .arg = &chunks };

	buf_init(&chunks, 65536);
	model_table_info(row->model, &info);
	vendor_stream_init(&s, openai_stream_event, &req, &info);
	CHECK_INT(vendor_stream_feed(&s, row->in, a, NULL), 0);
	for (size_t at = a; at < len; at += b)
		CHECK_INT(vendor_stream_feed(&s, row->in + at,
					     len - at < b ? len - at : b, NULL),
			  0);
	CHECK_INT(vendor_stream_end(&s, &r, NULL), 0);
	check_result(row, &r, chunks.data);
	create_result_finish(&r);
	vendor_stream_finish(&s);
	buf_finish(&chunks);
}

static void cut_anywhere(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].in);

		for (size_t a = 0; a <= len; a++)
			play(&rows[i], a, len + 1);
		play(&rows[i], 0, 1);
	}
}

static void broken(void)
{
	static const struct {
		const char *in, *want;
	} bad[] = {
		{ "", "answered with nothing" },
		{ DELTA("{\"content\":\"x\"}"), "broke off" },
		{ "data: {\n\n", "no JSON" },
		{ EV("{\"error\":{\"message\":\"overloaded\"}}"),
		  "overloaded" },
		{ EV("{\"error\":\"plain\"}"), "plain" },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct model_request req = { 0 };
		struct model_info info;
		struct create_result r = { 0 };
		struct vendor_stream s;
		struct err err = { 0 };
		int rc;

		model_table_info("gpt-4o", &info);
		vendor_stream_init(&s, openai_stream_event, &req, &info);
		rc = vendor_stream_feed(&s, bad[i].in, strlen(bad[i].in), &err);
		if (rc == 0)
			rc = vendor_stream_end(&s, &r, &err);
		CHECK_INT(rc, -ERR_UNAVAILABLE);
		if (!CHECK(strstr(err.text, bad[i].want)))
			tap_note("%s", err.text);
		create_result_finish(&r);
		vendor_stream_finish(&s);
	}
}

static void too_many_calls(void)
{
	struct model_request req = { 0 };
	struct model_info info;
	struct vendor_stream s;
	struct err err = { 0 };
	int rc = 0;

	model_table_info("gpt-4o", &info);
	vendor_stream_init(&s, openai_stream_event, &req, &info);
	for (int i = 0; i < 200 && rc == 0; i++) {
		_auto_free_ char *e = mem_printf(
			"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{"
			"\"index\":%d}]}}]}\n\n",
			1000 - i);

		rc = vendor_stream_feed(&s, e, strlen(e), &err);
	}
	CHECK_INT(rc, -ERR_TOO_LARGE);
	CHECK_INT(s.call_count, 128);
	vendor_stream_finish(&s);
}

/* The same rules for answers in one piece. */
static const struct row wholes[] = {
	{ "gpt-4o",
	  "{\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":"
	  "\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":"
	  "4}}",
	  "", "hi", NULL, "", FINISH_STOP, 9, 4 },
	{ "gpt-4o",
	  "{\"choices\":[{\"message\":{\"content\":null},\"finish_reason\":"
	  "\"length\"}]}",
	  "", "", NULL, "", FINISH_LENGTH },
	{ "gpt-4o",
	  "{\"choices\":[{\"message\":{\"content\":\"I\",\"tool_calls\":["
	  "{\"id\":\"c\",\"function\":{\"name\":\"f.g\",\"arguments\":{\"a\":1}"
	  "}}]},\"finish_reason\":\"stop\"}]}",
	  "", NULL, "I", "c:f_g({\"a\":1})", FINISH_FUNCTION_CALLS },
	{ "gpt-4o",
	  "{\"choices\":[{\"message\":{\"content\":\"a\","
	  "\"reasoning_content\":\"r\"},\"finish_reason\":\"odd\"}]}",
	  "", "a", "r", "", FINISH_UNKNOWN },
	{ "my-model",
	  "{\"choices\":[{\"message\":{\"content\":\" <think>r</think> a\"}}]}",
	  "", "a", "r", "", FINISH_UNKNOWN },
};

static void whole_answers(void)
{
	for (size_t i = 0; i < ARRAY_LEN(wholes); i++) {
		const struct row *row = &wholes[i];
		_auto_json_ struct json *j =
			json_parse(row->in, strlen(row->in), 65536, NULL);
		struct model_info info;
		struct create_result r;

		REQUIRE(j);
		model_table_info(row->model, &info);
		CHECK_INT(openai_reply_read(j, &info, &r, NULL), 0);
		check_result(row, &r, "");
		create_result_finish(&r);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(cut_anywhere),
						 TEST(broken),
						 TEST(too_many_calls),
						 TEST(whole_answers),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
