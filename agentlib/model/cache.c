/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key is everything that decides an answer: the client with its config,
 * the messages, tools and which to choose, the form. AutoGen's lacks the model
 * and the choice. What a stream gave answers a plain call, and the reverse.
 */
#include "agentlib/model/cache.h"

#include "agentlib/core/llm_parts.h"
#include "agentlib/core/model.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/model/cache_store.h"
#include "agentlib/model/memory_store.h"
#include "agentlib/model/openai_reply.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define PROVIDER "autogen_ext.models.cache.ChatCompletionCache"
#define VALUE_MAX ((size_t)64 * 1024 * 1024)

struct cache {
	struct model model; /* first */
	struct model *client;
	struct cache_store *store;
	struct json *raw; /* the store's component; NULL: none */
};

/* ---- keys and values ---- */

static void write_key(const struct cache *c, const struct model_request *r,
		      struct buf *out)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w);
	jw_kstring(&w, "provider", c->client->ops->provider);
	jw_key(&w, "client");
	c->client->ops->dump(c->client, &w);
	jw_key(&w, "messages");
	jw_array(&w);
	for (size_t i = 0; i < r->count; i++)
		llm_write(r->messages[i], &w);
	jw_end_array(&w);
	jw_kstring(&w, "tools", r->tools_json);
	jw_kstring(&w, "tool_choice", r->tool_choice);
	jw_kstring(&w, "schema", r->schema_json);
	jw_kstring(&w, "schema_name", r->schema_name);
	jw_kbool(&w, "json_output", r->json_output);
	jw_end_object(&w);
}

static void write_value(const struct create_result *r, struct buf *out)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w);
	jw_kstring(&w, "finish_reason", finish_name(r->finish));
	jw_key(&w, "content");
	if (r->call_count > 0)
		function_calls_write(r->calls, r->call_count, &w);
	else
		jw_string(&w, r->content ? r->content : "");
	jw_key(&w, "usage");
	jw_object(&w);
	jw_kint(&w, "prompt_tokens", r->usage.prompt_tokens);
	jw_kint(&w, "completion_tokens", r->usage.completion_tokens);
	jw_end_object(&w);
	jw_kstring(&w, "thought", r->thought);
	jw_end_object(&w);
}

/* False when it is none of ours: then nothing was found. */
static bool read_value(const struct buf *text, struct create_result *out)
{
	_auto_json_ struct json *j = json_parse(text->data, text->len,
						VALUE_MAX, NULL);
	const struct json *content = json_get(j, "content");
	const char *thought = json_string(json_get(j, "thought"));
	const char *finish = json_string(json_get(j, "finish_reason"));

	if (!finish)
		return false;
	if (json_string(content))
		out->content = mem_strdup(json_string(content));
	else if (!json_is(content, JSON_ARRAY) || json_count(content) == 0 ||
		 function_calls_read(content, &out->calls, &out->call_count,
				     NULL) < 0)
		return false;
	out->thought = mem_strdup(thought);
	out->finish = finish_parse(finish);
	out->usage = openai_reply_usage(json_get(j, "usage"));
	out->cached = true;
	return true;
}

/* ---- calls ---- */

static bool look_up(struct cache *c, const char *key, struct create_result *out)
{
	struct buf value;
	bool found;

	buf_init(&value, VALUE_MAX);
	found = c->store->ops->get(c->store, key, &value, NULL) > 0 &&
		read_value(&value, out);
	buf_finish(&value);
	return found;
}

/* model_create() counts what a result says; this one cost nothing. */
static int answer(struct cache *c, const struct model_request *req,
		  const struct create_result *out, struct err *err)
{
	int rc = 0;

	if (req->stream && req->chunk && out->content && *out->content)
		rc = req->chunk(req->arg, out->content, strlen(out->content),
				err);
	if (rc < 0)
		return rc;
	c->model.total.prompt_tokens -= out->usage.prompt_tokens;
	c->model.total.completion_tokens -= out->usage.completion_tokens;
	return 0;
}

/* An answer that cannot be kept is given all the same. */
static int ask(struct cache *c, const struct model_request *req,
	       const char *key, struct create_result *out, struct err *err)
{
	int rc = model_create(c->client, req, out, err);
	struct buf value;

	if (rc < 0)
		return rc;
	buf_init(&value, VALUE_MAX);
	write_value(out, &value);
	if (!value.overflow)
		c->store->ops->set(c->store, key, value.data, NULL);
	buf_finish(&value);
	return rc;
}

static int cache_create(struct model *m, const struct model_request *req,
			struct create_result *out, struct err *err)
{
	struct cache *c = (struct cache *)m;
	int rc = fiber_check(err);
	struct buf key;

	if (rc < 0)
		return rc;
	buf_init(&key, VALUE_MAX);
	write_key(c, req, &key);
	if (key.overflow)
		rc = model_create(c->client, req, out, err);
	else if (look_up(c, key.data, out))
		rc = answer(c, req, out, err);
	else
		rc = ask(c, req, key.data, out, err);
	buf_finish(&key);
	return rc;
}

/* ---- the class ---- */

static void cache_dump(const struct model *m, struct json_writer *w)
{
	const struct cache *c = (const struct cache *)m;
	_auto_free_ char *store = c->raw ? json_print(c->raw) : NULL;

	jw_object(w);
	jw_key(w, "client");
	component_dump(COMPONENT_MODEL, c->client, w);
	if (store) {
		jw_key(w, "store");
		jw_raw(w, store);
	}
	jw_end_object(w);
}

static void cache_destroy(struct model *m)
{
	struct cache *c = (struct cache *)m;

	model_unref(c->client);
	if (c->store)
		c->store->ops->destroy(c->store);
	json_destroy(c->raw);
	mem_free(c);
}

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = cache_create,
				      .dump = cache_dump,
				      .destroy = cache_destroy };

static void *cache_load(struct component_ctx *ctx, const struct json *config,
			int version)
{
	static const char *const known[] = { "client", "store", NULL };
	const struct json *client = component_object(ctx, config, "client");
	const struct json *store = component_object(ctx, config, "store");
	struct cache *c = mem_new(struct cache);

	c->model.ops = &ops;
	c->model.refs = 1;
	c->model.engine = ctx->engine;
	if (client)
		c->client = component_load(ctx, client, "client",
					   COMPONENT_MODEL);
	else
		component_fault(ctx, "client", "this member is missing");
	if (store)
		c->store = component_load(ctx, store, "store", COMPONENT_OTHER);
	else
		c->store = memory_store_create();
	c->raw = store ? json_copy(store) : NULL;
	c->model.name = mem_strdup(c->client ? c->client->name : "");
	if (c->client)
		c->model.info = c->client->info;
	component_known_keys(ctx, config, known);
	return c;
}

static void unref(void *object)
{
	model_unref(object);
}

const struct component_class cache_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = cache_load,
	.unref = unref,
};
