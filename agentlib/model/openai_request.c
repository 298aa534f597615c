/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LLM messages as OpenAI's chat messages. Services behind the same protocol
 * differ in small things; those that AutoGen knows of are the rules below.
 */
#include "agentlib/model/openai_request.h"

#include "agentlib/model/request.h"
#include "agentlib/model/vendor_config.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

struct writing {
	const struct vendor_config *config;
	const struct model_request *req;
	struct json_writer w;
	bool blank_for_empty; /* gemini: content may not be "" */
	bool skip_blank;      /* claude: nor only white space */
	bool unnamed;         /* mistral: no "name" */
};

static void write_content(struct writing *x, const char *text)
{
	if (x->blank_for_empty && (!text || !*text))
		text = " ";
	jw_kstring(&x->w, "content", text ? text : "");
}

/* ---- system messages ---- */

static int check_systems(struct writing *x, struct err *err)
{
	const struct model_request *r = x->req;
	size_t runs = 0;

	for (size_t i = 0; i < r->count; i++)
		if (r->messages[i]->role == LLM_SYSTEM &&
		    (i == 0 || r->messages[i - 1]->role != LLM_SYSTEM))
			runs++;
	if (runs > 1 && !x->config->info.multiple_system_messages)
		return err_set(
			err, ERR_INVALID,
			"model \"%s\" takes one system message only, and "
			"those of this conversation do not stand together",
			x->config->model);
	return 0;
}

/* Writes the one at *i, with those after it when they must be one. */
static void write_system(struct writing *x, size_t *i)
{
	const struct model_request *r = x->req;
	bool merge = !x->config->info.multiple_system_messages;
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	buf_puts(&text,
		 r->messages[*i]->content ? r->messages[*i]->content : "");
	while (merge && *i + 1 < r->count &&
	       r->messages[*i + 1]->role == LLM_SYSTEM) {
		const char *more = r->messages[++*i]->content;

		buf_printf(&text, "\n%s", more ? more : "");
	}
	jw_object(&x->w);
	jw_kstring(&x->w, "role", "system");
	write_content(x, text.len == 0 && x->skip_blank ? " " : text.data);
	jw_end_object(&x->w);
	buf_finish(&text);
}

/* ---- the others ---- */

static void write_image(struct writing *x, const char *base64)
{
	_auto_free_ char *url = mem_printf("data:%s;base64,%s",
					   request_image_type(base64), base64);

	jw_object(&x->w);
	jw_kstring(&x->w, "type", "image_url");
	jw_key(&x->w, "image_url");
	jw_object(&x->w);
	jw_kstring(&x->w, "url", url);
	jw_kstring(&x->w, "detail", "auto");
	jw_end_object(&x->w);
	jw_end_object(&x->w);
}

static void write_parts(struct writing *x, const struct llm_message *m)
{
	bool prefix = x->config->add_name_prefixes;

	jw_key(&x->w, "content");
	jw_array(&x->w);
	for (size_t i = 0; i < m->part_count; i++) {
		const struct llm_part *p = &m->parts[i];
		_auto_free_ char *text = NULL;

		if (!p->text) {
			write_image(x, p->image_base64);
			continue;
		}
		text = mem_printf("%s%s%s", prefix ? m->source : "",
				  prefix ? " said:\n" : "", p->text);
		prefix = false;
		jw_object(&x->w);
		jw_kstring(&x->w, "type", "text");
		jw_kstring(&x->w, "text", text);
		jw_end_object(&x->w);
	}
	jw_end_array(&x->w);
}

static int write_user(struct writing *x, const struct llm_message *m,
		      struct err *err)
{
	_auto_free_ char *text = NULL;

	if (!request_name_ok(m->source))
		return request_name_bad("the name of an agent,", m->source,
					err);
	if (request_check_images(x->config, m, err) < 0)
		return -ERR_INVALID;
	if (x->skip_blank && m->part_count == 0 && request_blank(m->content))
		return 0;
	jw_object(&x->w);
	jw_kstring(&x->w, "role", "user");
	if (x->config->include_name && !x->unnamed)
		jw_kstring(&x->w, "name", m->source);
	if (m->part_count > 0) {
		write_parts(x, m);
	} else {
		if (x->config->add_name_prefixes)
			text = mem_printf("%s said:\n%s", m->source,
					  m->content ? m->content : "");
		write_content(x, text ? text : m->content);
	}
	jw_end_object(&x->w);
	return 0;
}

static void write_calls(struct writing *x, const struct llm_message *m)
{
	jw_kstring(&x->w, "content", m->thought);
	jw_key(&x->w, "tool_calls");
	jw_array(&x->w);
	for (size_t i = 0; i < m->call_count; i++) {
		jw_object(&x->w);
		jw_kstring(&x->w, "id", m->calls[i].id);
		jw_kstring(&x->w, "type", "function");
		jw_key(&x->w, "function");
		jw_object(&x->w);
		jw_kstring(&x->w, "name", m->calls[i].name);
		jw_kstring(&x->w, "arguments", m->calls[i].arguments);
		jw_end_object(&x->w);
		jw_end_object(&x->w);
	}
	jw_end_array(&x->w);
}

static int write_assistant(struct writing *x, const struct llm_message *m,
			   struct err *err)
{
	if (!request_name_ok(m->source))
		return request_name_bad("the name of an agent,", m->source,
					err);
	if (x->skip_blank && m->call_count == 0 && request_blank(m->content))
		return 0;
	jw_object(&x->w);
	jw_kstring(&x->w, "role", "assistant");
	if (m->call_count > 0)
		write_calls(x, m);
	else
		write_content(x, m->content);
	jw_end_object(&x->w);
	return 0;
}

static void write_results(struct writing *x, const struct llm_message *m)
{
	for (size_t i = 0; i < m->result_count; i++) {
		jw_object(&x->w);
		jw_kstring(&x->w, "role", "tool");
		jw_kstring(&x->w, "tool_call_id", m->results[i].call_id);
		jw_kstring(&x->w, "content", m->results[i].content);
		jw_end_object(&x->w);
	}
}

static int write_messages(struct writing *x, struct err *err)
{
	int rc = check_systems(x, err);

	jw_key(&x->w, "messages");
	jw_array(&x->w);
	for (size_t i = 0; i < x->req->count && rc == 0; i++) {
		const struct llm_message *m = x->req->messages[i];

		if (m->role == LLM_SYSTEM)
			write_system(x, &i);
		else if (m->role == LLM_USER)
			rc = write_user(x, m, err);
		else if (m->role == LLM_ASSISTANT)
			rc = write_assistant(x, m, err);
		else
			write_results(x, m);
	}
	jw_end_array(&x->w);
	return rc;
}

/* ---- what stands beside the messages ---- */

static int write_tools(struct writing *x, struct err *err)
{
	const char *text = x->req->tools_json, *choice = x->req->tool_choice;
	_auto_json_ struct json *tools = NULL;
	int rc = request_tools(x->config, x->req, &tools, err);

	if (rc < 0 || !tools)
		return rc;
	jw_key(&x->w, "tools");
	jw_raw(&x->w, text);
	jw_key(&x->w, "tool_choice");
	if (!choice || str_equal(choice, "auto") || str_equal(choice, "none") ||
	    str_equal(choice, "required")) {
		jw_string(&x->w, choice ? choice : "auto");
		return 0;
	}
	jw_object(&x->w);
	jw_kstring(&x->w, "type", "function");
	jw_key(&x->w, "function");
	jw_object(&x->w);
	jw_kstring(&x->w, "name", choice);
	jw_end_object(&x->w);
	jw_end_object(&x->w);
	return 0;
}

static int write_format(struct writing *x, struct err *err)
{
	const struct model_request *r = x->req;

	if (!r->schema_json && !r->json_output)
		return 0;
	if (request_check_format(x->config, r, err) < 0)
		return -ERR_INVALID;
	jw_key(&x->w, "response_format");
	jw_object(&x->w);
	jw_kstring(&x->w, "type",
		   r->schema_json ? "json_schema" : "json_object");
	if (r->schema_json) {
		jw_key(&x->w, "json_schema");
		jw_object(&x->w);
		jw_kstring(&x->w, "name",
			   r->schema_name ? r->schema_name : "answer");
		jw_key(&x->w, "schema");
		jw_raw(&x->w, r->schema_json);
		jw_kbool(&x->w, "strict", true);
		jw_end_object(&x->w);
	}
	jw_end_object(&x->w);
	return 0;
}

/* What only one model of the service knows: members like all others. */
static void write_extras(struct writing *x, const struct json *extras)
{
	for (const struct json *m = json_child(extras); m; m = json_next(m)) {
		_auto_free_ char *text = json_print(m);

		jw_key(&x->w, json_key(m));
		jw_raw(&x->w, text);
	}
}

/* Usage is asked for with every stream unless the config says otherwise:
 * without it AutoGen counts zero tokens for streams. */
static void write_args(struct writing *x)
{
	const struct vendor_config *c = x->config;
	bool format = x->req->schema_json || x->req->json_output;
	bool options = false;

	for (const struct json *m = vendor_config_create_arg(c, NULL); m;
	     m = vendor_config_create_arg(c, m)) {
		bool of_stream = str_equal(json_key(m), "stream_options");
		_auto_free_ char *text = NULL;

		if ((of_stream && !x->req->stream) ||
		    (format && str_equal(json_key(m), "response_format")))
			continue;
		options = options || of_stream;
		if (str_equal(json_key(m), "model_extras")) {
			write_extras(x, m);
			continue;
		}
		if (str_equal(json_key(m), "response_format") &&
		    json_is(m, JSON_STRING))
			text = mem_printf("{\"type\":\"%s\"}",
					  str_equal(json_string(m), "text")
						  ? "text"
						  : "json_object");
		else
			text = json_print(m);
		jw_key(&x->w, json_key(m));
		jw_raw(&x->w, text);
	}
	if (!x->req->stream)
		return;
	jw_kbool(&x->w, "stream", true);
	if (!options && c->ask_usage) {
		jw_key(&x->w, "stream_options");
		jw_raw(&x->w, "{\"include_usage\":true}");
	}
}

int openai_request_write(const struct vendor_config *c,
			 const struct model_request *req, struct buf *out,
			 struct err *err)
{
	const char *family = c->info.family;
	struct writing x = { .config = c, .req = req };
	int rc;

	x.blank_for_empty = str_starts(family, "gemini");
	x.skip_blank = str_starts(family, "claude");
	x.unnamed = strstr(family, "mistral") || strstr(family, "ministral") ||
		    strstr(family, "codestral") || strstr(family, "pixtral");
	jw_init(&x.w, out);
	jw_object(&x.w);
	if (*c->model)
		jw_kstring(&x.w, "model", c->model);
	rc = write_messages(&x, err);
	if (rc == 0)
		rc = write_tools(&x, err);
	if (rc == 0)
		rc = write_format(&x, err);
	write_args(&x);
	jw_end_object(&x.w);
	if (rc == 0 && out->overflow)
		return err_set(err, ERR_TOO_LARGE,
			       "the conversation exceeds %zu bytes", out->max);
	return rc;
}
