/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The class: loading it from a component, its headers, dumping it. What it
 * sends is openai_request.c, what comes back openai_reply.c and
 * openai_stream.c, in what order openai_call.c.
 */
#include "agentlib/model/openai.h"

#include "agentlib/core/model.h"
#include "agentlib/model/openai_call.h"
#include "agentlib/model/openai_config.h"
#include "agentlib/model/secret.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http_origin.h"

#include <string.h>
#include <strings.h>

#define PROVIDER "autogen_ext.models.openai.OpenAIChatCompletionClient"

struct openai {
	struct model model; /* first */
	struct http *http;  /* NULL: loaded for checking only */
	struct openai_config config;
	char *url, *shown;
	char **headers;
};

static int openai_create(struct model *m, const struct model_request *req,
			 struct create_result *out, struct err *err)
{
	struct openai *o = (struct openai *)m;
	struct openai_call call = {
		.http = o->http,
		.config = &o->config,
		.url = o->url,
		.shown = o->shown,
		.headers = (const char *const *)o->headers,
		.req = req,
	};

	if (!o->http)
		return err_set(err, ERR_CONFLICT,
			       "model \"%s\" was loaded for checking only",
			       m->name);
	return openai_call_run(&call, out, err);
}

static void openai_dump(const struct model *m, struct json_writer *w)
{
	openai_config_write(&((const struct openai *)m)->config, w);
}

static void openai_destroy(struct model *m)
{
	struct openai *o = (struct openai *)m;

	for (char **h = o->headers; h && *h; h++)
		secret_free(*h);
	mem_free(o->headers);
	mem_free(o->url);
	mem_free(o->shown);
	openai_config_finish(&o->config);
	mem_free(o);
}

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = openai_create,
				      .dump = openai_dump,
				      .destroy = openai_destroy };

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, ":");

	return strncasecmp(a, b, len) == 0 && b[len] == ':';
}

/* Takes `line`; the config's own headers stand first and win. */
static void add_header(struct openai *o, size_t *n, char *line)
{
	for (size_t i = 0; i < *n; i++)
		if (same_name(o->headers[i], line)) {
			secret_free(line);
			return;
		}
	o->headers[(*n)++] = line;
}

static void make_headers(struct openai *o)
{
	const struct openai_config *c = &o->config;
	size_t own = 0, n = 0;

	while (c->headers[own])
		own++;
	o->headers = mem_zero(own + 6, sizeof(*o->headers));
	for (size_t i = 0; i < own; i++)
		add_header(o, &n, mem_strdup(c->headers[i]));
	add_header(o, &n, mem_strdup("Content-Type: application/json"));
	add_header(o, &n,
		   mem_strdup("Accept: application/json, "
			      "text/event-stream"));
	if (c->api_key)
		add_header(o, &n,
			   mem_printf("Authorization: Bearer %s", c->api_key));
	if (c->organization)
		add_header(o, &n,
			   mem_printf("OpenAI-Organization: %s",
				      c->organization));
	if (c->project)
		add_header(o, &n, mem_printf("OpenAI-Project: %s", c->project));
}

/* A base_url may hold a password; what people see has only host and path. */
static char *shown_url(const char *base_url)
{
	_auto_free_ char *origin = http_origin(base_url, NULL);
	const char *host = strstr(base_url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;

	return mem_printf("%s%s/chat/completions", origin ? origin : "",
			  path ? path : "");
}

static void *openai_load(struct component_ctx *ctx, const struct json *config,
			 int version)
{
	struct openai *o = mem_new(struct openai);

	o->model.ops = &ops;
	o->model.refs = 1;
	o->model.engine = ctx->engine;
	o->http = ctx->http;
	openai_config_load(ctx, config, &o->config);
	o->model.name = mem_strdup(o->config.model);
	o->model.info = o->config.info;
	o->url = mem_printf("%s/chat/completions", o->config.base_url);
	o->shown = shown_url(o->config.base_url);
	make_headers(o);
	return o;
}

static void unref(void *object)
{
	model_unref(object);
}

const struct component_class openai_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = openai_load,
	.unref = unref,
};
