/* SPDX-License-Identifier: Apache-2.0 */
/* The class: where its settings come from, and its headers. */
#include "agentlib/model/openai.h"

#include "agentlib/model/openai_config.h"
#include "agentlib/model/openai_reply.h"
#include "agentlib/model/openai_request.h"
#include "agentlib/model/openai_stream.h"
#include "agentlib/model/secret.h"
#include "agentlib/model/vendor.h"
#include "executor/base/mem.h"

#define PROVIDER "autogen_ext.models.openai.OpenAIChatCompletionClient"

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = vendor_create,
				      .dump = vendor_dump,
				      .destroy = vendor_destroy };

static const struct vendor_wire wire = {
	.write = openai_request_write,
	.read = openai_reply_read,
	.event = openai_stream_event,
	.root = "an OpenAI-compatible API (it often ends in /v1)",
};

static void *openai_load(struct component_ctx *ctx, const struct json *config,
			 int version)
{
	struct vendor *v = vendor_new(ctx, config, &ops, &wire,
				      &openai_config_words);
	const char *organization = secret_value(
		component_string(ctx, config, "organization", NULL));
	const char *project = vendor_config_env(ctx, "OPENAI_PROJECT_ID");

	openai_config_service(ctx, config, &v->config);
	if (!organization)
		organization = vendor_config_env(ctx, "OPENAI_ORG_ID");
	vendor_header(v, mem_strdup("Accept: application/json, "
				    "text/event-stream"));
	if (v->config.api_key)
		vendor_header(v, mem_printf("Authorization: Bearer %s",
					    v->config.api_key));
	if (organization)
		vendor_header(v, mem_printf("OpenAI-Organization: %s",
					    organization));
	if (project)
		vendor_header(v, mem_printf("OpenAI-Project: %s", project));
	vendor_ready(v, "/chat/completions");
	return v;
}

const struct component_class openai_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = openai_load,
	.unref = vendor_unref,
};
