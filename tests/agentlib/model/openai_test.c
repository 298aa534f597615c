/* SPDX-License-Identifier: Apache-2.0 */
/* Loading and dumping: where settings come from, secrets, faults, notices. */
#include "agentlib/model/openai.h"

#include "agentlib/model/openai_config.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/support/model_world.h"
#include "tests/tap.h"

#include <string.h>

#define P "OpenAIChatCompletionClient"

/* Where a call would go, and with which key. */
static const struct {
	const char *config;
	const char *env[4];
	const char *cli_url;
	const char *url, *key, *source;
} places[] = {
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"own\"}",
	  { "OPENAI_API_KEY=env" },
	  NULL,
	  "https://api.openai.com/v1",
	  "own",
	  "api_key in the model's config" },
	{ "{\"model\":\"gpt-4o\"}",
	  { "OPENAI_API_KEY=env" },
	  NULL,
	  "https://api.openai.com/v1",
	  "env",
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"**********\"}",
	  { "OPENAI_API_KEY=env" },
	  NULL,
	  "https://api.openai.com/v1",
	  "env",
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"${X}\"}",
	  { "X=expanded" },
	  NULL,
	  "https://api.openai.com/v1",
	  "${X}",
	  "api_key in the model's config" },
	{ "{\"model\":\"gpt-4o\"}",
	  { "OPENAI_API_KEY=env", "OPENAI_BASE_URL=http://env/v1/" },
	  NULL,
	  "http://env/v1",
	  "env",
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"gpt-4o\",\"base_url\":\"http://own/v1\"}",
	  { "OPENAI_API_KEY=env", "OPENAI_BASE_URL=http://env/v1/" },
	  NULL,
	  "http://own/v1",
	  "env",
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"gpt-4o\",\"base_url\":\"http://own/v1\"}",
	  { "OPENAI_API_KEY=env" },
	  "http://cli/v1",
	  "http://cli/v1",
	  "env",
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"gpt-4o\",\"base_url\":\"http://own/v1\"}",
	  { NULL },
	  NULL,
	  "http://own/v1",
	  NULL,
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"gemini-2.5-pro\"}",
	  { "OPENAI_API_KEY=env", "GEMINI_API_KEY=gem" },
	  NULL,
	  "https://generativelanguage.googleapis.com/v1beta/openai",
	  "gem",
	  "GEMINI_API_KEY" },
	{ "{\"model\":\"gemini-2.5-pro\"}",
	  { "OPENAI_API_KEY=env", "GEMINI_API_KEY=gem",
	    "OPENAI_BASE_URL=http://env/v1" },
	  NULL,
	  "https://generativelanguage.googleapis.com/v1beta/openai",
	  "gem",
	  "GEMINI_API_KEY" },
	{ "{\"model\":\"claude-3-opus\"}",
	  { "OPENAI_API_KEY=env", "OPENAI_BASE_URL=http://env/v1" },
	  NULL,
	  "http://env/v1",
	  "env",
	  "OPENAI_API_KEY" },
	{ "{\"model\":\"claude-3-opus\",\"base_url\":\"http://own/v1\"}",
	  { "OPENAI_API_KEY=env", "ANTHROPIC_API_KEY=ant" },
	  NULL,
	  "http://own/v1",
	  "ant",
	  "ANTHROPIC_API_KEY" },
	{ "{\"model\":\"Llama-4-Scout-17B\"}",
	  { "LLAMA_API_KEY=l" },
	  NULL,
	  "https://api.llama.com/compat/v1",
	  "l",
	  "LLAMA_API_KEY" },
};

static void settings_come_from(void)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		_auto_json_ struct json *j = json_parse(
			places[i].config, strlen(places[i].config), 1000, NULL);
		struct vendor_config c;
		struct model_world w;

		model_world_environment(places[i].env);
		model_world_begin(&w, NULL);
		w.settings.base_url = places[i].cli_url;
		vendor_config_load(&w.ctx, j, &openai_config_words, &c);
		openai_config_service(&w.ctx, j, &c);
		CHECK_INT(w.ctx.fault_count, 0);
		CHECK_STR(c.base_url, places[i].url);
		CHECK_STR(c.api_key, places[i].key);
		CHECK_STR(c.key_source, places[i].source);
		vendor_config_finish(&c);
		model_world_end(&w);
	}
}

static const struct {
	const char *config, *pointer, *text;
} wrongs[] = {
	{ "{\"model\":\"gpt-4o\"}", "/config/api_key",
	  "OPENAI_API_KEY is not" },
	{ "{\"model\":\"claude-3-opus\"}", "/config/api_key",
	  "ANTHROPIC_API_KEY is not" },
	{ "{\"api_key\":\"k\"}", "/config/model", "missing" },
	{ "{\"model\":1,\"api_key\":\"k\"}", "/config/model", "string" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"k\",\"base_url\":\"ftp://a\"}",
	  "/config/base_url", "not a URL" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"k\",\"timeout\":0}",
	  "/config/timeout", "must be over 0" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"k\",\"max_retries\":-1}",
	  "/config/max_retries", "0 to 100" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"k\",\"n\":2}", "/config/n",
	  "cannot be set" },
	{ "{\"model\":\"gpt-4o\",\"api_key\":\"k\",\"default_headers\":"
	  "{\"a/b\":\"x\\ny\"}}",
	  "/config/default_headers/a~1b", "not a header" },
	{ "{\"model\":\"x\",\"api_key\":\"k\",\"model_info\":{\"vision\":true,"
	  "\"function_calling\":true,\"family\":\"unknown\"}}",
	  "/config/model_info/json_output", "missing" },
	{ "{\"model\":\"o1-mini\",\"api_key\":\"k\",\"response_format\":"
	  "{\"type\":\"json_object\"}}",
	  "/config/response_format", "no JSON mode" },
};

static void faults_have_places(void)
{
	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		struct model_world w;

		model_world_environment(NULL);
		model_world_begin(&w, NULL);
		CHECK(!model_world_load(&w, P, wrongs[i].config));
		REQUIRE(w.ctx.fault_count >= 1);
		CHECK_STR(w.ctx.faults[0].pointer, wrongs[i].pointer);
		if (!CHECK(strstr(w.ctx.faults[0].text, wrongs[i].text)))
			tap_note("%s", w.ctx.faults[0].text);
		model_world_end(&w);
	}
}

static void all_faults_at_once(void)
{
	struct model_world w;

	model_world_environment(NULL);
	model_world_begin(&w, NULL);
	CHECK(!model_world_load(&w, P,
				"{\"model\":\"\",\"timeout\":-1,"
				"\"max_retries\":\"x\",\"n\":1}"));
	CHECK_INT(w.ctx.fault_count, 5);
	model_world_end(&w);
}

static void notices(void)
{
	static const struct {
		const char *config, *text; /* NULL: none */
	} rows[] = {
		{ "{\"model\":\"gpt-4o-2030-01-01\",\"api_key\":\"k\"}", NULL },
		{ "{\"model\":\"my-model\",\"api_key\":\"k\"}",
		  "\"my-model\" is not known here; assumed: text only" },
		{ "{\"model\":\"my-model\",\"api_key\":\"k\",\"model_info\":{"
		  "\"vision\":false,\"function_calling\":false,\"json_output\":"
		  "false,\"family\":\"unknown\"}}",
		  NULL },
		{ "{\"model\":\"gpt-4o\",\"api_key\":\"k\",\"modell\":1}",
		  "did you mean" },
		{ "{\"model\":\"gpt-4o\",\"base_url\":\"https://a.example\"}",
		  "sends the key in OPENAI_API_KEY to https://a.example" },
		{ "{\"model\":\"gpt-4o\",\"base_url\":\"http://127.0.0.1:1\"}",
		  NULL },
	};
	static const char *const env[] = { "OPENAI_API_KEY=env", NULL };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct model_world w;

		model_world_environment(env);
		model_world_begin(&w, NULL);
		CHECK(model_world_load(&w, P, rows[i].config));
		if (!CHECK(rows[i].text ? strstr(w.notices.data,
						 rows[i].text) != NULL
					: w.notices.len == 0))
			tap_note("%s -> %s", rows[i].config, w.notices.data);
		model_world_end(&w);
	}
}

static void check_only_needs_no_key(void)
{
	struct create_result r = { 0 };
	struct model_request req = { 0 };
	struct err err = { 0 };
	struct http *http;
	struct model_world w;

	model_world_environment(NULL);
	model_world_begin(&w, NULL);
	http = w.ctx.http;
	w.ctx.http = NULL;
	w.ctx.check_only = true;
	CHECK(model_world_load(&w, P, "{\"model\":\"gpt-4o\"}"));
	CHECK(strstr(w.notices.data, "set OPENAI_API_KEY"));
	CHECK(model_world_ask_with(&w, &req, &r, &err) < 0);
	CHECK(strstr(err.text, "checking only"));
	w.ctx.http = http;
	model_world_end(&w);
}

static void dump_masks_and_loads_again(void)
{
	static const char config[] =
		"{\"model\":\"gpt-4o\",\"api_key\":\"sk-secret\",\"base_url\":"
		"\"http://a/v1\",\"temperature\":0.25,\"timeout\":null,"
		"\"default_headers\":{\"X-A\":\"b\",\"Authorization\":"
		"\"Bearer secret\"},\"extra\":[1]}";
	static const char *const env[] = { "OPENAI_API_KEY=env", NULL };
	_auto_free_ char *dump = NULL, *again = NULL;
	_auto_json_ struct json *j = NULL;
	const struct json *c;
	struct model_world w;

	model_world_environment(env);
	model_world_begin(&w, NULL);
	REQUIRE(model_world_load(&w, P, config));
	dump = model_world_dump(&w);
	CHECK(!strstr(dump, "secret"));
	j = json_parse(dump, strlen(dump), 65536, NULL);
	REQUIRE(j);
	CHECK_STR(json_string(json_get(j, "provider")),
		  "autogen_ext.models.openai." P);
	CHECK_STR(json_string(json_get(j, "component_type")), "model");
	c = json_get(j, "config");
	CHECK_STR(json_string(json_get(c, "api_key")), "**********");
	CHECK_STR(json_string(json_get(c, "base_url")), "http://a/v1");
	CHECK(json_number(json_get(c, "temperature"), 0) == 0.25);
	CHECK(!json_get(c, "timeout"));
	CHECK_INT(json_count(json_get(c, "extra")), 1);
	CHECK_STR(json_string(json_get(json_get(c, "default_headers"), "X-A")),
		  "b");
	model_unref(w.model);
	again = json_print(c);
	CHECK(model_world_load(&w, P, again));
	model_world_end(&w);
}

static void override_of_the_command_line(void)
{
	_auto_free_ char *dump = NULL;
	struct model_world w;

	model_world_begin(&w, NULL);
	w.settings.model = "my-local";
	w.settings.base_url = "http://127.0.0.1:9/v1";
	CHECK(model_world_load(&w, P,
			       "{\"model\":\"gpt-4o\",\"api_key\":\"k\","
			       "\"base_url\":\"http://a\"}"));
	CHECK_STR(w.model->name, "my-local");
	CHECK_STR(w.model->info.family, "unknown");
	dump = model_world_dump(&w);
	CHECK(strstr(dump, "\"model\":\"my-local\""));
	CHECK(strstr(dump, "\"base_url\":\"http://127.0.0.1:9/v1\""));
	CHECK(!strstr(dump, "http://a"));
	model_world_end(&w);
}

static const char *header(const struct json *log, const char *name)
{
	return json_string(json_get(json_get(log, "headers"), name));
}

static void headers(void)
{
	static const char *const env[] = { "OPENAI_ORG_ID=org-env",
					   "OPENAI_PROJECT_ID=proj", NULL };
	_auto_json_ struct json *a = NULL, *b = NULL;
	struct create_result r;
	struct model_world w;

	model_world_environment(env);
	model_world_begin(&w, "[{\"reply\":\"a\"},{\"reply\":\"b\"}]");
	model_world_openai(&w, "");
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	create_result_finish(&r);
	a = replay_server_log(&w.server, 0);
	CHECK_STR(header(a, "openai-organization"), "org-env");
	CHECK_STR(header(a, "openai-project"), "proj");
	model_unref(w.model);
	model_world_openai(&w, ",\"organization\":\"org-own\","
			       "\"default_headers\":{\"X-B\":\"c\","
			       "\"authorization\":\"Other d\"}");
	CHECK_INT(model_world_ask(&w, false, &r, NULL), 0);
	create_result_finish(&r);
	b = replay_server_log(&w.server, 1);
	CHECK_STR(header(b, "openai-organization"), "org-own");
	CHECK_STR(header(b, "x-b"), "c");
	CHECK_STR(header(b, "authorization"), "Other d");
	model_world_end(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(settings_come_from),
		TEST(faults_have_places),
		TEST(all_faults_at_once),
		TEST(notices),
		TEST(check_only_needs_no_key),
		TEST(dump_masks_and_loads_again),
		TEST(override_of_the_command_line),
		TEST(headers),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
