/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings come from three places. The command line wins over the file, the
 * file over the environment. A key goes only to the service it is for: the
 * vendor of a "gemini-…" name never gets OPENAI_API_KEY by itself.
 */
#include "agentlib/model/openai_config.h"

#include "agentlib/core/component.h"
#include "agentlib/model/model_info.h"
#include "agentlib/model/model_table.h"
#include "agentlib/model/secret.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http_origin.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT_S 600.0
#define TIMEOUT_MOST_S 86400.0

#define CREATE_ARGS                                                            \
	"frequency_penalty", "logit_bias", "max_tokens",                       \
		"max_completion_tokens", "presence_penalty",                   \
		"response_format", "seed", "stop", "temperature", "top_p",     \
		"user", "parallel_tool_calls", "reasoning_effort",             \
		"stream_options"
#define FORBIDDEN "stream", "messages", "function_call", "functions", "n"

static const char *const create_args[] = { CREATE_ARGS, NULL };
static const char *const forbidden[] = { FORBIDDEN, NULL };
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
				     CREATE_ARGS,
				     FORBIDDEN,
				     NULL };

static bool listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (str_equal(*names, name))
			return true;
	return false;
}

static const char *environment(struct component_ctx *ctx, const char *name)
{
	const char *value = ctx->getenv ? ctx->getenv(name) : getenv(name);

	return value && *value ? value : NULL;
}

static void load_model(struct component_ctx *ctx, const struct json *config,
		       struct openai_config *c)
{
	const struct component_settings *set = ctx->settings;
	const char *name = component_string(ctx, config, "model", NULL);

	if (set && set->model)
		name = set->model;
	if (!name || !*name)
		component_fault(ctx, "model", "the model's name is missing");
	c->model = mem_strdup(name ? name : "");
	if (model_info_load(ctx, config, &c->info) && !(set && set->model))
		return;
	if (!model_table_info(c->model, &c->info) && *c->model)
		component_notice(ctx,
				 "model \"%s\" is not known here; assumed: "
				 "%s; model_info in its config says otherwise",
				 c->model, model_table_assumed());
}

/*
 * OPENAI_BASE_URL is for OpenAI's names, and for a vendor's names when there
 * is no key for that vendor.
 */
static const char *choose_url(struct component_ctx *ctx,
			      const struct json *config,
			      const struct model_vendor *vendor,
			      struct openai_config *c)
{
	const struct component_settings *set = ctx->settings;
	const char *url = component_string(ctx, config, "base_url", NULL);
	const char *env = environment(ctx, "OPENAI_BASE_URL");

	if (set && set->base_url) {
		c->url_source = "--base-url";
		return set->base_url;
	}
	if (url && *url) {
		c->url_source = "base_url in the model's config";
		c->own_url = true;
		return url;
	}
	if (env &&
	    (!*vendor->prefix || !environment(ctx, vendor->key_variable))) {
		c->url_source = "OPENAI_BASE_URL";
		return env;
	}
	return NULL;
}

static void no_key(struct component_ctx *ctx, const struct openai_config *c)
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
		     const struct model_vendor *vendor, struct openai_config *c)
{
	const char *own = component_string(ctx, config, "api_key", NULL);
	const char *key = secret_value(own);
	bool given = c->base_url != NULL;

	c->key_source = "api_key in the model's config";
	if (!key && (!given || c->own_url)) {
		c->key_source = vendor->key_variable;
		key = environment(ctx, c->key_source);
	}
	if (!key && given) {
		c->key_source = "OPENAI_API_KEY";
		key = environment(ctx, c->key_source);
	}
	c->api_key = mem_strdup(key);
	if (!key && !given)
		no_key(ctx, c);
	/* The file may be a stranger's: say where it sends a key of ours. */
	if (c->own_url && key && key != own && !http_origin_local(c->base_url))
		component_notice(ctx, "sends the key in %s to %s",
				 c->key_source, c->base_url);
}

static void load_place(struct component_ctx *ctx, const struct json *config,
		       struct openai_config *c)
{
	const struct model_vendor *vendor = model_table_vendor(c->model);
	const char *url = choose_url(ctx, config, vendor, c);
	_auto_free_ char *origin = NULL;
	struct err err = { 0 };

	c->base_url = mem_strdup(url);
	load_key(ctx, config, vendor, c);
	if (!c->base_url)
		c->base_url = mem_strdup(vendor->base_url);
	while (str_ends(c->base_url, "/"))
		c->base_url[strlen(c->base_url) - 1] = 0;
	origin = http_origin(c->base_url, &err);
	if (!origin) {
		component_fault(ctx, c->own_url ? "base_url" : NULL, "%s: %s",
				c->url_source ? c->url_source : "base_url",
				err.text);
		component_fault_try(ctx, "%s", err.remedy);
	}
}

static void load_headers(struct component_ctx *ctx, const struct json *config,
			 struct openai_config *c)
{
	const struct json *all = component_object(ctx, config,
						  "default_headers");
	size_t n = 0;

	c->headers = mem_zero(json_count(all) + 1, sizeof(*c->headers));
	component_enter(ctx, "default_headers");
	for (const struct json *h = json_child(all); h; h = json_next(h)) {
		const char *name = json_key(h), *value = json_string(h);
		char step[128];

		if (value && str_equal(value, SECRET_MASK))
			continue;
		if (value && !value[strcspn(value, "\r\n")] && *name &&
		    !name[strcspn(name, ": \t\r\n")]) {
			c->headers[n++] = mem_printf("%s: %s", name, value);
			continue;
		}
		component_escape(name, step, sizeof(step));
		component_fault(ctx, step,
				"is not a header with one line of "
				"text");
	}
	component_leave(ctx);
}

static void load_limits(struct component_ctx *ctx, const struct json *config,
			struct openai_config *c)
{
	static const struct component_range retries = { 0, 100, 2 };
	double timeout = component_number(ctx, config, "timeout", TIMEOUT_S);

	if (!(timeout > 0 && timeout <= TIMEOUT_MOST_S)) {
		component_fault(ctx, "timeout",
				"must be over 0 and at most %g "
				"seconds",
				TIMEOUT_MOST_S);
		timeout = TIMEOUT_S;
	}
	c->timeout_ms = (uint64_t)(timeout * 1000);
	if (c->timeout_ms == 0)
		c->timeout_ms = 1;
	c->max_retries = (unsigned)component_int_range(ctx, config,
						       "max_retries", &retries);
}

static void check_args(struct component_ctx *ctx, const struct json *config,
		       const struct openai_config *c)
{
	const struct json *format = component_object(ctx, config,
						     "response_format");

	for (const char *const *name = forbidden; *name; name++)
		if (json_get(config, *name))
			component_fault(ctx, *name,
					"cannot be set: the client "
					"itself decides it");
	if (str_equal(json_string(json_get(format, "type")), "json_object") &&
	    !c->info.json_output)
		component_fault(ctx, "response_format",
				"model \"%s\" has no "
				"JSON mode",
				c->model);
}

void openai_config_load(struct component_ctx *ctx, const struct json *config,
			struct openai_config *c)
{
	const char *text;

	memset(c, 0, sizeof(*c));
	c->raw = config ? json_copy(config) : NULL;
	load_model(ctx, config, c);
	load_place(ctx, config, c);
	load_headers(ctx, config, c);
	load_limits(ctx, config, c);
	text = component_string(ctx, config, "organization", NULL);
	c->organization = mem_strdup(
		secret_value(text) ? text : environment(ctx, "OPENAI_ORG_ID"));
	c->project = mem_strdup(environment(ctx, "OPENAI_PROJECT_ID"));
	c->add_name_prefixes = component_bool(ctx, config, "add_name_prefixes",
					      false);
	c->include_name = component_bool(ctx, config, "include_name_in_message",
					 true);
	check_args(ctx, config, c);
	component_known_keys(ctx, config, known);
}

void openai_config_finish(struct openai_config *c)
{
	mem_free(c->model);
	secret_free(c->api_key);
	mem_free(c->base_url);
	mem_free(c->organization);
	mem_free(c->project);
	for (char **h = c->headers; h && *h; h++)
		secret_free(*h);
	mem_free(c->headers);
	json_destroy(c->raw);
	memset(c, 0, sizeof(*c));
}

static void write_headers(const struct json *all, struct json_writer *w)
{
	jw_object(w);
	for (const struct json *h = json_child(all); h; h = json_next(h))
		jw_kstring(w, json_key(h),
			   secret_header(json_key(h)) ? SECRET_MASK
						      : json_string(h));
	jw_end_object(w);
}

void openai_config_write(const struct openai_config *c, struct json_writer *w)
{
	jw_object(w);
	jw_kstring(w, "model", c->model);
	if (str_equal(c->url_source, "--base-url"))
		jw_kstring(w, "base_url", c->base_url);
	for (const struct json *m = json_child(c->raw); m; m = json_next(m)) {
		const char *key = json_key(m);
		_auto_free_ char *text = NULL;

		if (!listed(known, key) || json_is(m, JSON_NULL) ||
		    str_equal(key, "model") ||
		    (str_equal(key, "base_url") && !c->own_url))
			continue;
		jw_key(w, key);
		if (str_equal(key, "api_key")) {
			jw_string(w, SECRET_MASK);
		} else if (str_equal(key, "default_headers")) {
			write_headers(m, w);
		} else {
			text = json_print(m);
			jw_raw(w, text);
		}
	}
	jw_end_object(w);
}

const struct json *openai_config_create_arg(const struct openai_config *c,
					    const struct json *last)
{
	const struct json *m = last ? json_next(last) : json_child(c->raw);

	while (m &&
	       (json_is(m, JSON_NULL) || !listed(create_args, json_key(m))))
		m = json_next(m);
	return m;
}
