/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The class. Which models a server has only it knows; so an unknown name is
 * taken to do what the server itself offers for all.
 */
#include "agentlib/model/ollama.h"

#include "agentlib/model/ollama_reply.h"
#include "agentlib/model/ollama_request.h"
#include "agentlib/model/vendor.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define PROVIDER "autogen_ext.models.ollama.OllamaChatCompletionClient"
#define PORT "11434"

#define CREATE_ARGS "keep_alive", "think"
#define FORBIDDEN "stream", "messages", "tools", "format"

static const char *const create_args[] = { CREATE_ARGS, NULL };
static const char *const forbidden[] = { FORBIDDEN, NULL };
static const char *const secrets[] = { "api_key", NULL };
static const char *const known[] = {
	"model",
	"host",
	"api_key",
	"timeout",
	"max_retries",
	"model_info",
	"model_capabilities",
	"headers",
	"options",
	"response_format",
	"follow_redirects",
	"num_keep",
	"seed",
	"num_predict",
	"top_k",
	"top_p",
	"min_p",
	"tfs_z",
	"typical_p",
	"repeat_last_n",
	"temperature",
	"repeat_penalty",
	"presence_penalty",
	"frequency_penalty",
	"mirostat",
	"mirostat_tau",
	"mirostat_eta",
	"penalize_newline",
	"stop",
	"numa",
	"num_ctx",
	"num_batch",
	"num_gpu",
	"main_gpu",
	"low_vram",
	"f16_kv",
	"logits_all",
	"vocab_only",
	"use_mmap",
	"use_mlock",
	"embedding_only",
	"num_thread",
	CREATE_ARGS,
	FORBIDDEN,
	NULL,
};

static const struct vendor_words words = {
	.url_member = "host",
	.url_variable = "OLLAMA_HOST",
	.headers_member = "headers",
	.known = known,
	.create_args = create_args,
	.forbidden = forbidden,
	.secrets = secrets,
	.any_model = true,
};

static const struct vendor_wire wire = {
	.write = ollama_request_write,
	.read = ollama_reply_read,
	.event = ollama_reply_event,
	.lines = true,
	.root = "Ollama (often http://127.0.0.1:" PORT ")",
	.missing = "ollama pull and the model's name, or check host",
};

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = vendor_create,
				      .dump = vendor_dump,
				      .destroy = vendor_destroy };

static void assume(struct vendor_config *c)
{
	static const char *const seeing[] = {
		"llava",     "bakllava",      "llama3.2-vision", "llama4",
		"gemma3",    "qwen2.5vl",     "qwen3-vl",        "minicpm-v",
		"moondream", "mistral-small3"
	};
	const char *family = str_starts(c->model, "deepseek-r1") ? "r1"
								 : "unknown";

	c->info = (struct model_info){ .function_calling = true,
				       .json_output = true,
				       .structured_output = true,
				       .multiple_system_messages = true };
	str_copy(c->info.family, sizeof(c->info.family), family);
	for (size_t i = 0; i < ARRAY_LEN(seeing); i++)
		if (str_starts(c->model, seeing[i]))
			c->info.vision = true;
}

/* What `ollama` itself takes in OLLAMA_HOST: "host", ":port", a URL. */
static char *whole_url(const char *host)
{
	bool scheme = strstr(host, "://") != NULL;
	const char *name = scheme ? strstr(host, "://") + 3 : host;
	const char *bracket = strchr(name, ']'); /* of an IPv6 address */
	bool port = strchr(bracket ? bracket : name, ':') != NULL;

	return mem_printf("%s%s%s%s", scheme ? "" : "http://",
			  *host == ':' ? "127.0.0.1" : "", host,
			  scheme || port ? "" : ":" PORT);
}

static void *ollama_load(struct component_ctx *ctx, const struct json *config,
			 int version)
{
	static const char *const keys[] = { "OLLAMA_API_KEY", NULL };
	struct vendor *v = vendor_new(ctx, config, &ops, &wire, &words);
	struct vendor_config *c = &v->config;
	const char *host = vendor_config_choose(ctx, config, c);
	_auto_free_ char *url = whole_url(host ? host : "127.0.0.1");

	if (!c->own_info)
		assume(c);
	vendor_config_set_url(ctx, c, url);
	vendor_config_key(ctx, config, "api_key", keys, c);
	if (c->api_key)
		vendor_header(v, mem_printf("Authorization: Bearer %s",
					    c->api_key));
	vendor_ready(v, "/api/chat");
	return v;
}

const struct component_class ollama_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = ollama_load,
	.unref = vendor_unref,
};
