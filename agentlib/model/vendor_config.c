/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings come from three places. The command line wins over the file, the
 * file over the environment.
 */
#include "agentlib/model/vendor_config.h"

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

static bool listed(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (str_equal(*names, name))
			return true;
	return false;
}

const char *vendor_config_env(struct component_ctx *ctx, const char *name)
{
	const char *value = ctx->getenv ? ctx->getenv(name) : getenv(name);

	return value && *value ? value : NULL;
}

static void load_model(struct component_ctx *ctx, const struct json *config,
		       struct vendor_config *c)
{
	const struct component_settings *set = ctx->settings;
	const char *name = component_string(ctx, config, "model", NULL);

	if (set && set->model)
		name = set->model;
	if ((!name || !*name) && !c->words->no_model)
		component_fault(ctx, "model", "the model's name is missing");
	c->model = mem_strdup(name ? name : "");
	c->own_info = model_info_load(ctx, config, &c->info) &&
		      !(set && set->model);
	if (c->own_info)
		return;
	if (!model_table_info(c->model, &c->info) && *c->model &&
	    !c->words->any_model)
		component_notice(ctx,
				 "model \"%s\" is not known here; assumed: "
				 "%s; model_info in its config says otherwise",
				 c->model, model_table_assumed());
}

void vendor_config_set_url(struct component_ctx *ctx, struct vendor_config *c,
			   const char *url)
{
	_auto_free_ char *origin = NULL;
	_auto_free_ char *copy = mem_strdup(url);
	struct err err = { 0 };

	while (str_ends(copy, "/"))
		copy[strlen(copy) - 1] = 0;
	mem_free(c->base_url);
	c->base_url = mem_take(copy);
	origin = http_origin(c->base_url, &err);
	if (!origin) {
		component_fault(ctx, c->own_url ? c->words->url_member : NULL,
				"%s: %s",
				c->url_source ? c->url_source
					      : c->words->url_member,
				err.text);
		component_fault_try(ctx, "%s", err.remedy);
	}
}

const char *vendor_config_choose(struct component_ctx *ctx,
				 const struct json *config,
				 struct vendor_config *c)
{
	const struct component_settings *set = ctx->settings;
	const char *url = component_string(ctx, config, c->words->url_member,
					   NULL);

	if (set && set->base_url) {
		c->url_source = "--base-url";
		return set->base_url;
	}
	if (url && *url) {
		c->url_source = "the address in the model's config";
		c->own_url = true;
		return url;
	}
	url = vendor_config_env(ctx, c->words->url_variable);
	if (url)
		c->url_source = c->words->url_variable;
	return url;
}

void vendor_config_place(struct component_ctx *ctx, const struct json *config,
			 struct vendor_config *c, const char *otherwise)
{
	const char *url = vendor_config_choose(ctx, config, c);

	if (!url)
		url = otherwise;
	if (url) {
		vendor_config_set_url(ctx, c, url);
		return;
	}
	c->base_url = mem_strdup("");
	if (ctx->check_only) {
		component_notice(ctx, "has no address: set %s to run it",
				 c->words->url_variable);
		return;
	}
	component_fault(ctx, c->words->url_member,
			"the service's address is missing, and %s is not set",
			c->words->url_variable);
}

void vendor_config_key(struct component_ctx *ctx, const struct json *config,
		       const char *member, const char *const *variables,
		       struct vendor_config *c)
{
	const char *key =
		secret_value(component_string(ctx, config, member, NULL));

	c->key_source = "the key in the model's config";
	c->api_key = mem_strdup(key);
	if (key)
		return;
	c->key_source = variables[0];
	for (size_t i = 0; variables[i] && !key; i++) {
		key = vendor_config_env(ctx, variables[i]);
		if (key)
			c->key_source = variables[i];
	}
	c->api_key = mem_strdup(key);
	/* The file may be a stranger's: say where it sends a key of ours. */
	if (c->own_url && key && !http_origin_local(c->base_url))
		component_notice(ctx, "sends the key in %s to %s",
				 c->key_source, c->base_url);
}

void vendor_config_no_key(struct component_ctx *ctx, const char *member,
			  const struct vendor_config *c)
{
	if (ctx->check_only) {
		component_notice(ctx, "has no API key: set %s to run it",
				 c->key_source);
		return;
	}
	component_fault(ctx, member,
			"there is no API key for \"%s\": the "
			"config has none and %s is not set",
			c->model, c->key_source);
	component_fault_try(ctx, "set %s", c->key_source);
}

static void load_headers(struct component_ctx *ctx, const struct json *config,
			 struct vendor_config *c)
{
	const char *member = c->words->headers_member;
	const struct json *all = component_object(ctx, config, member);
	size_t n = 0;

	c->headers = mem_zero(json_count(all) + 1, sizeof(*c->headers));
	component_enter(ctx, member);
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
			struct vendor_config *c)
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
		       const struct vendor_config *c)
{
	const struct json *format = json_get(config, "response_format");
	const char *const *name = c->words->forbidden;

	for (; name && *name; name++)
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

void vendor_config_load(struct component_ctx *ctx, const struct json *config,
			const struct vendor_words *words,
			struct vendor_config *c)
{
	memset(c, 0, sizeof(*c));
	c->words = words;
	c->raw = config ? json_copy(config) : NULL;
	load_model(ctx, config, c);
	load_headers(ctx, config, c);
	load_limits(ctx, config, c);
	c->add_name_prefixes = component_bool(ctx, config, "add_name_prefixes",
					      false);
	c->include_name = component_bool(ctx, config, "include_name_in_message",
					 true);
	c->ask_usage = true;
	check_args(ctx, config, c);
	component_known_keys(ctx, config, words->known);
}

void vendor_config_finish(struct vendor_config *c)
{
	mem_free(c->model);
	secret_free(c->api_key);
	mem_free(c->base_url);
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

void vendor_config_write(const struct vendor_config *c, struct json_writer *w)
{
	jw_object(w);
	jw_kstring(w, "model", c->model);
	if (str_equal(c->url_source, "--base-url"))
		jw_kstring(w, c->words->url_member, c->base_url);
	for (const struct json *m = json_child(c->raw); m; m = json_next(m)) {
		const char *key = json_key(m);
		_auto_free_ char *text = NULL;

		if (!listed(c->words->known, key) || json_is(m, JSON_NULL) ||
		    str_equal(key, "model") ||
		    (str_equal(key, c->words->url_member) && !c->own_url))
			continue;
		jw_key(w, key);
		if (listed(c->words->secrets, key)) {
			jw_string(w, SECRET_MASK);
		} else if (str_equal(key, c->words->headers_member)) {
			write_headers(m, w);
		} else {
			text = json_print(m);
			jw_raw(w, text);
		}
	}
	jw_end_object(w);
}

const struct json *vendor_config_create_arg(const struct vendor_config *c,
					    const struct json *last)
{
	const struct json *m = last ? json_next(last) : json_child(c->raw);

	while (m && (json_is(m, JSON_NULL) ||
		     !listed(c->words->create_args, json_key(m))))
		m = json_next(m);
	return m;
}
