/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chat completions under a deployment's address, with a key or an Entra ID
 * token. Tokens are taken as they are given: renewing them is not done here.
 */
#include "agentlib/model/azure_openai.h"

#include "agentlib/model/openai_config.h"
#include "agentlib/model/openai_reply.h"
#include "agentlib/model/openai_request.h"
#include "agentlib/model/openai_stream.h"
#include "agentlib/model/secret.h"
#include "agentlib/model/vendor.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"

#include <string.h>

#define PROVIDER "autogen_ext.models.openai.AzureOpenAIChatCompletionClient"

/* The first version of the API whose streams can say their usage. */
#define USAGE_SINCE "2024-09-01"

static const char *const create_args[] = { OPENAI_CREATE_ARGS, NULL };
static const char *const forbidden[] = { OPENAI_FORBIDDEN, NULL };
static const char *const secrets[] = { "api_key", "azure_ad_token", NULL };
static const char *const known[] = { "model",
				     "api_key",
				     "azure_endpoint",
				     "azure_deployment",
				     "api_version",
				     "azure_ad_token",
				     "azure_ad_token_provider",
				     "organization",
				     "timeout",
				     "max_retries",
				     "model_info",
				     "model_capabilities",
				     "add_name_prefixes",
				     "default_headers",
				     "include_name_in_message",
				     OPENAI_CREATE_ARGS,
				     OPENAI_FORBIDDEN,
				     NULL };

static const struct vendor_words words = {
	.url_member = "azure_endpoint",
	.url_variable = "AZURE_OPENAI_ENDPOINT",
	.headers_member = "default_headers",
	.known = known,
	.create_args = create_args,
	.forbidden = forbidden,
	.secrets = secrets,
};

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = vendor_create,
				      .dump = vendor_dump,
				      .destroy = vendor_destroy };

static const struct vendor_wire wire = {
	.write = openai_request_write,
	.read = openai_reply_read,
	.event = openai_stream_event,
	.root = "an Azure OpenAI resource",
	.missing = "check azure_deployment, azure_endpoint and api_version",
};

/* "?api-version=V"'s V and the deployment stand in the address as they are. */
static void check_step(struct component_ctx *ctx, const char *member,
		       const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

	if (text[strspn(text, plain)])
		component_fault(ctx, member,
				"\"%.100s\" holds characters that no address "
				"can have: only letters, digits and -_.~ may "
				"stand in it",
				text);
}

static const char *deployment(struct component_ctx *ctx,
			      const struct json *config,
			      const struct vendor_config *c)
{
	const struct component_settings *set = ctx->settings;
	const char *name = component_string(ctx, config, "azure_deployment",
					    NULL);

	if (!name || !*name || (set && set->model))
		name = c->model;
	check_step(ctx, "azure_deployment", name);
	return name;
}

static const char *api_version(struct component_ctx *ctx,
			       const struct json *config)
{
	const char *version = component_string(ctx, config, "api_version",
					       NULL);

	if (!version || !*version)
		version = vendor_config_env(ctx, "OPENAI_API_VERSION");
	if (!version) {
		component_fault(ctx, "api_version",
				"this member is missing, and "
				"OPENAI_API_VERSION is not set");
		return "";
	}
	check_step(ctx, "api_version", version);
	return version;
}

/* A token wins over a key, as in the vendor's own client. */
static void load_key(struct component_ctx *ctx, const struct json *config,
		     struct vendor *v)
{
	static const char *const tokens[] = { "AZURE_OPENAI_AD_TOKEN", NULL };
	static const char *const keys[] = { "AZURE_OPENAI_API_KEY", NULL };
	bool provider = component_object(ctx, config,
					 "azure_ad_token_provider") != NULL;

	vendor_config_key(ctx, config, "azure_ad_token", tokens, &v->config);
	if (v->config.api_key) {
		vendor_header(v, mem_printf("Authorization: Bearer %s",
					    v->config.api_key));
		return;
	}
	if (provider)
		component_notice(ctx, "azure_ad_token_provider is not asked: a "
				      "token is read from "
				      "AZURE_OPENAI_AD_TOKEN");
	vendor_config_key(ctx, config, "api_key", keys, &v->config);
	if (v->config.api_key)
		vendor_header(v, mem_printf("api-key: %s", v->config.api_key));
	else
		vendor_config_no_key(ctx, "api_key", &v->config);
}

static void *azure_openai_load(struct component_ctx *ctx,
			       const struct json *config, int version)
{
	struct vendor *v = vendor_new(ctx, config, &ops, &wire, &words);
	const char *name = deployment(ctx, config, &v->config);
	const char *api = api_version(ctx, config);
	_auto_free_ char *path = mem_printf(
		"/openai/deployments/%s/chat/completions?api-version=%s", name,
		api);

	vendor_config_place(ctx, config, &v->config, NULL);
	load_key(ctx, config, v);
	v->config.ask_usage = strcmp(api, USAGE_SINCE) >= 0;
	vendor_ready(v, path);
	return v;
}

const struct component_class azure_openai_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = azure_openai_load,
	.unref = vendor_unref,
};
