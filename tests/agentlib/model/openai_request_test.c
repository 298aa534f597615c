/* SPDX-License-Identifier: Apache-2.0 */
/* What is put on the wire for which messages, models and configs. */
#include "agentlib/model/openai_request.h"

#include "agentlib/core/llm_parts.h"
#include "agentlib/model/model_table.h"
#include "agentlib/model/openai_config.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

/* Messages are written as core reads them; `request` are other members. */
static const struct row {
	const char *model, *config, *messages, *request, *want;
} rows[] = {
	{ "gpt-4o", NULL,
	  "[{\"type\":\"SystemMessage\",\"content\":\"S\"},"
	  "{\"type\":\"UserMessage\",\"content\":\"hi\",\"source\":\"user\"},"
	  "{\"type\":\"AssistantMessage\",\"content\":\"yo\",\"source\":\"a\"}]",
	  NULL,
	  "{\"model\":\"gpt-4o\",\"messages\":["
	  "{\"role\":\"system\",\"content\":\"S\"},"
	  "{\"role\":\"user\",\"name\":\"user\",\"content\":\"hi\"},"
	  "{\"role\":\"assistant\",\"content\":\"yo\"}]}" },
	{ "gpt-4o", NULL,
	  "[{\"type\":\"AssistantMessage\",\"source\":\"a\",\"thought\":\"t\","
	  "\"content\":[{\"id\":\"1\",\"name\":\"f\",\"arguments\":\"{}\"}]},"
	  "{\"type\":\"FunctionExecutionResultMessage\",\"content\":["
	  "{\"call_id\":\"1\",\"name\":\"f\",\"content\":\"r\","
	  "\"is_error\":false}]}]",
	  NULL,
	  "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"assistant\","
	  "\"content\":\"t\",\"tool_calls\":[{\"id\":\"1\",\"type\":"
	  "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
	  "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"r\"}]}" },
	{ "gpt-4o", NULL,
	  "[{\"type\":\"AssistantMessage\",\"source\":\"a\","
	  "\"content\":[{\"id\":\"1\",\"name\":\"f\",\"arguments\":\"\"}]}]",
	  NULL,
	  "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"assistant\","
	  "\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":"
	  "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}]}" },
	{ "gpt-4o", "add_name_prefixes",
	  "[{\"type\":\"UserMessage\",\"source\":\"u\",\"content\":"
	  "[\"look\",{\"data\":\"/9j/AA\"},\"and\"]},"
	  "{\"type\":\"UserMessage\",\"content\":\"hi\",\"source\":\"v\"}]",
	  NULL,
	  "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\","
	  "\"name\":\"u\",\"content\":[{\"type\":\"text\",\"text\":"
	  "\"u said:\\nlook\"},{\"type\":\"image_url\",\"image_url\":{\"url\":"
	  "\"data:image/jpeg;base64,/9j/AA\",\"detail\":\"auto\"}},"
	  "{\"type\":\"text\",\"text\":\"and\"}]},{\"role\":\"user\","
	  "\"name\":\"v\",\"content\":\"v said:\\nhi\"}]}" },
	{ "gpt-4o", "no_names",
	  "[{\"type\":\"UserMessage\",\"content\":\"hi\",\"source\":\"v\"}]",
	  NULL,
	  "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\","
	  "\"content\":\"hi\"}]}" },
	{ "gpt-4o",
	  "{\"temperature\":0.7,\"stop\":[\"x\"],\"timeout\":3,\"top_p\":null,"
	  "\"stream_options\":{},\"response_format\":{\"type\":\"text\"}}",
	  "[]", NULL,
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"temperature\":0.7,"
	  "\"stop\":[\"x\"],\"response_format\":{\"type\":\"text\"}}" },
	{ "gpt-4o", "{\"response_format\":{\"type\":\"text\"}}", "[]", "json",
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"response_format\":"
	  "{\"type\":\"json_object\"}}" },
	{ "gpt-4o", NULL, "[]", "schema",
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"response_format\":{\"type\":"
	  "\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{},"
	  "\"strict\":true}}}" },
	{ "gpt-4o", NULL, "[]", "stream",
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"stream\":true,"
	  "\"stream_options\":{\"include_usage\":true}}" },
	{ "gpt-4o", "{\"stream_options\":{\"include_usage\":false}}", "[]",
	  "stream",
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"stream_options\":"
	  "{\"include_usage\":false},\"stream\":true}" },
	{ "gpt-4o", NULL, "[]", "tools",
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"tools\":[{\"type\":"
	  "\"function\",\"function\":{\"name\":\"f\"}}],"
	  "\"tool_choice\":\"auto\"}" },
	{ "gpt-4o", NULL, "[]", "choice",
	  "{\"model\":\"gpt-4o\",\"messages\":[],\"tools\":[{\"type\":"
	  "\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":"
	  "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}}" },
	{ "gemini-2.5-pro", NULL,
	  "[{\"type\":\"SystemMessage\",\"content\":\"A\"},"
	  "{\"type\":\"SystemMessage\",\"content\":\"B\"},"
	  "{\"type\":\"UserMessage\",\"content\":\"\",\"source\":\"u\"}]",
	  NULL,
	  "{\"model\":\"gemini-2.5-pro\",\"messages\":[{\"role\":\"system\","
	  "\"content\":\"A\\nB\"},{\"role\":\"user\",\"name\":\"u\","
	  "\"content\":\" \"}]}" },
	{ "claude-3-opus", NULL,
	  "[{\"type\":\"SystemMessage\",\"content\":\"\"},"
	  "{\"type\":\"UserMessage\",\"content\":\" \\n\",\"source\":\"u\"},"
	  "{\"type\":\"AssistantMessage\",\"content\":\"\",\"source\":\"a\"}]",
	  NULL,
	  "{\"model\":\"claude-3-opus\",\"messages\":[{\"role\":\"system\","
	  "\"content\":\" \"}]}" },
	/* errors */
	{ "gpt-4o", NULL,
	  "[{\"type\":\"UserMessage\",\"content\":\"\",\"source\":\"a b\"}]",
	  NULL, "!\"a b\" cannot be sent" },
	{ "gpt-4o", NULL,
	  "[{\"type\":\"AssistantMessage\",\"content\":\"\",\"source\":\"\"}]",
	  NULL, "!\"\" cannot be sent" },
	{ "gpt-4", NULL,
	  "[{\"type\":\"UserMessage\",\"source\":\"u\",\"content\":"
	  "[{\"data\":\"AA\"}]}]",
	  NULL, "!cannot see images" },
	{ "gemini-2.5-pro", NULL,
	  "[{\"type\":\"SystemMessage\",\"content\":\"A\"},"
	  "{\"type\":\"UserMessage\",\"content\":\"\",\"source\":\"u\"},"
	  "{\"type\":\"SystemMessage\",\"content\":\"B\"}]",
	  NULL, "!one system message only" },
	{ "o1-mini", NULL, "[]", "tools", "!cannot call functions" },
	{ "o1-mini", NULL, "[]", "json", "!no JSON mode" },
	{ "gpt-4", NULL, "[]", "schema", "!no structured output" },
	{ "gpt-4o", NULL, "[]", "badtool", "!\"f g\" cannot be sent" },
};

#define MESSAGES 8

static size_t read_messages(const char *text, struct llm_message **out)
{
	_auto_json_ struct json *j = json_parse(text, strlen(text), 65536,
						NULL);
	size_t n = 0;

	REQUIRE(j);
	for (const struct json *m = json_child(j); m; m = json_next(m)) {
		struct err err = { 0 };

		out[n] = llm_read(m, &err);
		if (!out[n])
			tap_note("%s: %s", err.field, err.text);
		REQUIRE(out[n]);
		n++;
	}
	return n;
}

static void set_request(struct model_request *req, const char *what)
{
	static const char tools[] = "[{\"type\":\"function\",\"function\":"
				    "{\"name\":\"f\"}}]";

	if (!what)
		return;
	req->json_output = strcmp(what, "json") == 0;
	req->stream = strcmp(what, "stream") == 0;
	if (strcmp(what, "schema") == 0) {
		req->schema_json = "{}";
		req->schema_name = "n";
	}
	if (strcmp(what, "tools") == 0 || strcmp(what, "choice") == 0)
		req->tools_json = tools;
	if (strcmp(what, "choice") == 0)
		req->tool_choice = "f";
	if (strcmp(what, "badtool") == 0)
		req->tools_json = "[{\"function\":{\"name\":\"f g\"}}]";
}

static void check_row(const struct row *row)
{
	struct vendor_config c = { .words = &openai_config_words,
				   .ask_usage = true,
				   .model = (char *)row->model,
				   .include_name = true };
	struct llm_message *messages[MESSAGES];
	struct model_request req = { .messages = messages };
	struct err err = { 0 };
	struct buf out;
	int rc;

	model_table_info(row->model, &c.info);
	if (row->config && row->config[0] == '{')
		c.raw = json_parse(row->config, strlen(row->config), 65536,
				   NULL);
	c.add_name_prefixes = row->config && row->config[0] == 'a';
	c.include_name = !(row->config && row->config[0] == 'n');
	req.count = read_messages(row->messages, messages);
	set_request(&req, row->request);
	buf_init(&out, 65536);
	rc = openai_request_write(&c, &req, &out, &err);
	if (row->want[0] == '!') {
		CHECK_INT(rc, -ERR_INVALID);
		if (!CHECK(strstr(err.text, row->want + 1)))
			tap_note("%s", err.text);
	} else {
		CHECK_INT(rc, 0);
		CHECK_STR(out.data, row->want);
	}
	buf_finish(&out);
	json_destroy(c.raw);
	for (size_t i = 0; i < req.count; i++)
		llm_unref(messages[i]);
}

static void bodies(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_row(&rows[i]);
}

static void too_long(void)
{
	struct vendor_config c = { .words = &openai_config_words,
				   .ask_usage = true,
				   .model = (char *)"gpt-4o" };
	struct llm_message *m = llm_text(LLM_SYSTEM, NULL, "0123456789");
	struct model_request req = { .messages = &m, .count = 1 };
	struct err err = { 0 };
	struct buf out;

	model_table_info("gpt-4o", &c.info);
	buf_init(&out, 30);
	CHECK_INT(openai_request_write(&c, &req, &out, &err), -ERR_TOO_LARGE);
	CHECK_STR(err.text, "the conversation exceeds 30 bytes");
	buf_finish(&out);
	llm_unref(m);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(bodies),
						 TEST(too_long),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
