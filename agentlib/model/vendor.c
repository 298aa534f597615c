/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a client; what it says and hears is its wire's. */
#include "agentlib/model/vendor.h"

#include "agentlib/model/secret.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http_origin.h"

#include <string.h>
#include <strings.h>

int vendor_create(struct model *m, const struct model_request *req,
		  struct create_result *out, struct err *err)
{
	struct vendor *v = (struct vendor *)m;
	struct vendor_call call = {
		.http = v->http,
		.config = &v->config,
		.wire = v->wire,
		.url = v->url,
		.shown = v->shown,
		.headers = (const char *const *)v->headers,
		.req = req,
	};

	if (!v->http)
		return err_set(err, ERR_CONFLICT,
			       "model \"%s\" was loaded for checking only",
			       m->name);
	return vendor_call_run(&call, out, err);
}

void vendor_dump(const struct model *m, struct json_writer *w)
{
	vendor_config_write(&((const struct vendor *)m)->config, w);
}

void vendor_destroy(struct model *m)
{
	struct vendor *v = (struct vendor *)m;

	for (char **h = v->headers; h && *h; h++)
		secret_free(*h);
	mem_free(v->headers);
	mem_free(v->url);
	mem_free(v->shown);
	vendor_config_finish(&v->config);
	mem_free(v);
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, ":");

	return strncasecmp(a, b, len) == 0 && b[len] == ':';
}

void vendor_header(struct vendor *v, char *line)
{
	for (size_t i = 0; i < v->header_count; i++)
		if (same_name(v->headers[i], line)) {
			secret_free(line);
			return;
		}
	v->headers = mem_resize(v->headers, v->header_count + 2,
				sizeof(*v->headers));
	v->headers[v->header_count++] = line;
	v->headers[v->header_count] = NULL;
}

struct vendor *vendor_new(struct component_ctx *ctx, const struct json *config,
			  const struct model_ops *ops,
			  const struct vendor_wire *wire,
			  const struct vendor_words *words)
{
	struct vendor *v = mem_new(struct vendor);

	v->model.ops = ops;
	v->model.refs = 1;
	v->model.engine = ctx->engine;
	v->http = ctx->http;
	v->wire = wire;
	vendor_config_load(ctx, config, words, &v->config);
	for (char **h = v->config.headers; *h; h++)
		vendor_header(v, mem_strdup(*h));
	vendor_header(v, mem_strdup("Content-Type: application/json"));
	return v;
}

/* An address may hold a password; people see only host and path, and of the
 * query nothing. */
static char *shown_url(const char *url)
{
	_auto_free_ char *origin = http_origin(url, NULL);
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;
	size_t len = path ? strcspn(path, "?") : 0;

	return mem_printf("%s%.*s", origin ? origin : "", (int)len,
			  path ? path : "");
}

void vendor_ready(struct vendor *v, const char *path)
{
	v->model.name = mem_strdup(v->config.model);
	v->model.info = v->config.info;
	v->url = mem_printf("%s%s", v->config.base_url, path);
	v->shown = shown_url(v->url);
}

void vendor_unref(void *object)
{
	model_unref(object);
}
