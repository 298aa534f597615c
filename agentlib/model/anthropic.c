/* SPDX-License-Identifier: Apache-2.0 */
/* The class: where its settings come from, and its headers. */
#include "agentlib/model/anthropic.h"

#include "agentlib/model/anthropic_reply.h"
#include "agentlib/model/anthropic_request.h"
#include "agentlib/model/secret.h"
#include "agentlib/model/vendor.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#define PROVIDER "autogen_ext.models.anthropic.AnthropicChatCompletionClient"

#define CREATE_ARGS                                                            \
	"max_tokens", "temperature", "top_p", "top_k", "stop_sequences",       \
		"metadata", "thinking"
#define FORBIDDEN "stream", "messages", "system"

static const char *const create_args[] = { CREATE_ARGS, NULL };
static const char *const forbidden[] = { FORBIDDEN, NULL };
static const char *const secrets[] = { "api_key", "auth_token", NULL };
static const char *const known[] = { "model",
				     "api_key",
				     "auth_token",
				     "base_url",
				     "timeout",
				     "max_retries",
				     "model_info",
				     "model_capabilities",
				     "default_headers",
				     "response_format",
				     "tools",
				     "tool_choice",
				     CREATE_ARGS,
				     FORBIDDEN,
				     NULL };

static const struct vendor_words words = {
	.url_member = "base_url",
	.url_variable = "ANTHROPIC_BASE_URL",
	.headers_member = "default_headers",
	.known = known,
	.create_args = create_args,
	.forbidden = forbidden,
	.secrets = secrets,
};

static const struct vendor_wire wire = {
	.write = anthropic_request_write,
	.read = anthropic_reply_read,
	.event = anthropic_reply_event,
	.root = "Anthropic's API",
	.missing = "check the model's name, and base_url, which ends before "
		   "/v1",
};

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = vendor_create,
				      .dump = vendor_dump,
				      .destroy = vendor_destroy };

/* A key wins over a token, in the config and in the environment. */
static void load_key(struct component_ctx *ctx, const struct json *config,
		     struct vendor *v)
{
	static const char *const keys[] = { "ANTHROPIC_API_KEY", NULL };
	static const char *const tokens[] = { "ANTHROPIC_AUTH_TOKEN", NULL };
	struct vendor_config *c = &v->config;

	if (!secret_value(json_string(json_get(config, "auth_token")))) {
		vendor_config_key(ctx, config, "api_key", keys, c);
		if (c->api_key) {
			vendor_header(v,
				      mem_printf("x-api-key: %s", c->api_key));
			return;
		}
	}
	vendor_config_key(ctx, config, "auth_token", tokens, c);
	if (c->api_key) {
		vendor_header(v, mem_printf("Authorization: Bearer %s",
					    c->api_key));
		return;
	}
	c->key_source = keys[0];
	if (!c->url_source)
		vendor_config_no_key(ctx, "api_key", c);
}

static void *anthropic_load(struct component_ctx *ctx,
			    const struct json *config, int version)
{
	struct vendor *v = vendor_new(ctx, config, &ops, &wire, &words);
	struct vendor_config *c = &v->config;

	/* The table is of other services, that refuse response_format. */
	if (!c->own_info)
		c->info.json_output = true;
	vendor_config_place(ctx, config, c, "https://api.anthropic.com");
	load_key(ctx, config, v);
	vendor_header(v, mem_strdup("anthropic-version: 2023-06-01"));
	vendor_ready(v, str_ends(c->base_url, "/v1") ? "/messages"
						     : "/v1/messages");
	return v;
}

const struct component_class anthropic_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = anthropic_load,
	.unref = vendor_unref,
};
