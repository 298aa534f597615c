/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chat completions without OpenAI's names of speakers and without asking for
 * usage, which these services say by themselves. Structured output is sent
 * where model_info says that the model has it.
 */
#include "agentlib/model/azure_ai.h"

#include "agentlib/model/openai_reply.h"
#include "agentlib/model/openai_request.h"
#include "agentlib/model/openai_stream.h"
#include "agentlib/model/vendor.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http_origin.h"

#include <string.h>

#define PROVIDER "autogen_ext.models.azure.AzureAIChatCompletionClient"
#define API_VERSION "2024-05-01-preview"

#define CREATE_ARGS                                                            \
	"frequency_penalty", "presence_penalty", "temperature", "top_p",       \
		"max_tokens", "response_format", "stop", "seed",               \
		"model_extras"
#define FORBIDDEN "stream", "messages"

static const char *const create_args[] = { CREATE_ARGS, NULL };
static const char *const forbidden[] = { FORBIDDEN, NULL };
static const char *const secrets[] = { "credential", NULL };
static const char *const known[] = {
	"model",           "endpoint",    "credential", "api_version",
	"timeout",         "max_retries", "model_info", "model_capabilities",
	"default_headers", CREATE_ARGS,   FORBIDDEN,    NULL
};

static const struct vendor_words words = {
	.url_member = "endpoint",
	.url_variable = "AZURE_AI_CHAT_ENDPOINT",
	.headers_member = "default_headers",
	.known = known,
	.create_args = create_args,
	.forbidden = forbidden,
	.secrets = secrets,
	.no_model = true,
};

static const struct vendor_wire wire = {
	.write = openai_request_write,
	.read = openai_reply_read,
	.event = openai_stream_event,
	.root = "an Azure AI endpoint (it often ends in /models)",
	.missing = "check model, and endpoint, which often ends in /models",
};

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = vendor_create,
				      .dump = vendor_dump,
				      .destroy = vendor_destroy };

static bool of_github(const char *url)
{
	_auto_free_ char *origin = http_origin(url, NULL);

	return str_equal(origin, "https://models.github.ai") ||
	       str_equal(origin, "https://models.inference.ai.azure.com");
}

/* The key as a text or as {"key":…}. Services want it in one of two headers, and
 * the vendor's own client sends both. */
static void load_key(struct component_ctx *ctx, const struct json *config,
		     struct vendor *v)
{
	static const char *const keys[] = { "AZURE_AI_CHAT_KEY", NULL };
	static const char *const github[] = { "GITHUB_TOKEN",
					      "AZURE_AI_CHAT_KEY", NULL };
	const struct json *own = json_get(config, "credential");
	const char *const *names = of_github(v->config.base_url) ? github
								 : keys;

	if (json_is(own, JSON_OBJECT)) {
		component_enter(ctx, "credential");
		vendor_config_key(ctx, own, "key", names, &v->config);
		component_leave(ctx);
	} else {
		vendor_config_key(ctx, config, "credential", names, &v->config);
	}
	if (!v->config.api_key) {
		vendor_config_no_key(ctx, "credential", &v->config);
		return;
	}
	vendor_header(v, mem_printf("Authorization: Bearer %s",
				    v->config.api_key));
	vendor_header(v, mem_printf("api-key: %s", v->config.api_key));
}

static void *azure_ai_load(struct component_ctx *ctx, const struct json *config,
			   int version)
{
	struct vendor *v = vendor_new(ctx, config, &ops, &wire, &words);
	const char *api = component_string(ctx, config, "api_version",
					   API_VERSION);
	_auto_free_ char *path = mem_printf("/chat/completions?api-version=%s",
					    api);

	if (api[strcspn(api, " &#?/%")])
		component_fault(ctx, "api_version", "is no version");
	v->config.include_name = false;
	v->config.ask_usage = false;
	vendor_config_place(ctx, config, &v->config, NULL);
	load_key(ctx, config, v);
	if (json_count(component_object(ctx, config, "model_extras")) > 0)
		vendor_header(v, mem_strdup("extra-parameters: pass-through"));
	vendor_ready(v, path);
	return v;
}

const struct component_class azure_ai_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = azure_ai_load,
	.unref = vendor_unref,
};
