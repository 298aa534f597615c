/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key goes only to the service it is for: the vendor of a "gemini-…" name
 * never gets OPENAI_API_KEY by itself.
 */
#include "agentlib/model/openai_config.h"

#include "agentlib/core/component.h"
#include "agentlib/model/model_table.h"
#include "agentlib/model/secret.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/net/http_origin.h"

static const char *const create_args[] = { OPENAI_CREATE_ARGS, NULL };
static const char *const forbidden[] = { OPENAI_FORBIDDEN, NULL };
static const char *const secrets[] = { "api_key", NULL };
static const char *const known[] = { "model",
				     "api_key",
				     "base_url",
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

const struct vendor_words openai_config_words = {
	.url_member = "base_url",
	.url_variable = "OPENAI_BASE_URL",
	.headers_member = "default_headers",
	.known = known,
	.create_args = create_args,
	.forbidden = forbidden,
	.secrets = secrets,
};

/*
 * OPENAI_BASE_URL is for OpenAI's names, and for a vendor's names when there
 * is no key for that vendor.
 */
static const char *choose_url(struct component_ctx *ctx,
			      const struct json *config,
			      const struct model_vendor *vendor,
			      struct vendor_config *c)
{
	const struct component_settings *set = ctx->settings;
	const char *url = component_string(ctx, config, "base_url", NULL);
	const char *env = vendor_config_env(ctx, "OPENAI_BASE_URL");

	if (set && set->base_url) {
		c->url_source = "--base-url";
		return set->base_url;
	}
	if (url && *url) {
		c->url_source = "base_url in the model's config";
		c->own_url = true;
		return url;
	}
	if (env && (!*vendor->prefix ||
		    !vendor_config_env(ctx, vendor->key_variable))) {
		c->url_source = "OPENAI_BASE_URL";
		return env;
	}
	return NULL;
}

static void no_key(struct component_ctx *ctx, const struct vendor_config *c)
{
	if (ctx->check_only) {
		component_notice(ctx, "has no API key: set %s to run it",
				 c->key_source);
		return;
	}
	component_fault(ctx, "api_key",
			"there is no API key for \"%s\": the "
			"config has none and %s is not set",
			c->model, c->key_source);
	component_fault_try(ctx,
			    "set %s, or name a service that needs no key "
			    "in base_url",
			    c->key_source);
}

static void load_key(struct component_ctx *ctx, const struct json *config,
		     const struct model_vendor *vendor, struct vendor_config *c)
{
	const char *own = component_string(ctx, config, "api_key", NULL);
	const char *key = secret_value(own);
	bool given = c->base_url != NULL;

	c->key_source = "api_key in the model's config";
	if (!key && (!given || c->own_url)) {
		c->key_source = vendor->key_variable;
		key = vendor_config_env(ctx, c->key_source);
	}
	if (!key && given) {
		c->key_source = "OPENAI_API_KEY";
		key = vendor_config_env(ctx, c->key_source);
	}
	c->api_key = mem_strdup(key);
	if (!key && !given)
		no_key(ctx, c);
	/* The file may be a stranger's: say where it sends a key of ours. */
	if (c->own_url && key && key != own && !http_origin_local(c->base_url))
		component_notice(ctx, "sends the key in %s to %s",
				 c->key_source, c->base_url);
}

void openai_config_service(struct component_ctx *ctx, const struct json *config,
			   struct vendor_config *c)
{
	const struct model_vendor *vendor = model_table_vendor(c->model);
	const char *url = choose_url(ctx, config, vendor, c);

	c->base_url = mem_strdup(url);
	load_key(ctx, config, vendor, c);
	vendor_config_set_url(ctx, c, url ? url : vendor->base_url);
}
