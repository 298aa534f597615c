/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LLM messages as Anthropic's blocks. The API takes no empty text, so messages
 * without any are left out; and no tool results without tools, so tools that
 * are not there any more are named, with the order not to call them.
 */
#include "agentlib/model/anthropic_request.h"

#include "agentlib/model/request.h"
#include "agentlib/model/vendor_config.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define MAX_TOKENS 4096 /* AutoGen's default; the API wants one */
#define JSON_WANTED                                                            \
	"Answer with one JSON object and nothing else: no text around it, no " \
	"code fence."

struct writing {
	const struct vendor_config *config;
	const struct model_request *req;
	struct json_writer w;
};

static void write_raw(struct writing *x, const char *key, const struct json *j)
{
	_auto_free_ char *text = json_print(j);

	jw_key(&x->w, key);
	jw_raw(&x->w, text);
}

static void write_text(struct writing *x, const char *text)
{
	jw_object(&x->w);
	jw_kstring(&x->w, "type", "text");
	jw_kstring(&x->w, "text", text);
	jw_end_object(&x->w);
}

static void begin(struct writing *x, const char *role)
{
	jw_object(&x->w);
	jw_kstring(&x->w, "role", role);
	jw_key(&x->w, "content");
}

/* ---- system ---- */

/* The API has no mode for JSON: the model is told. */
static void write_system(struct writing *x)
{
	const struct model_request *r = x->req;
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; i < r->count; i++)
		if (r->messages[i]->role == LLM_SYSTEM &&
		    !request_blank(r->messages[i]->content))
			buf_printf(&text, "%s%s", text.len ? "\n" : "",
				   r->messages[i]->content);
	if (r->json_output)
		buf_printf(&text, "%s%s", text.len ? "\n\n" : "", JSON_WANTED);
	if (text.len > 0)
		jw_kstring(&x->w, "system", text.data);
	buf_finish(&text);
}

/* ---- messages ---- */

static void write_image(struct writing *x, const char *base64)
{
	jw_object(&x->w);
	jw_kstring(&x->w, "type", "image");
	jw_key(&x->w, "source");
	jw_object(&x->w);
	jw_kstring(&x->w, "type", "base64");
	jw_kstring(&x->w, "media_type", request_image_type(base64));
	jw_kstring(&x->w, "data", base64);
	jw_end_object(&x->w);
	jw_end_object(&x->w);
}

static bool has_parts(const struct llm_message *m)
{
	for (size_t i = 0; i < m->part_count; i++)
		if (!m->parts[i].text || !request_blank(m->parts[i].text))
			return true;
	return false;
}

static int write_user(struct writing *x, const struct llm_message *m,
		      struct err *err)
{
	if (request_check_images(x->config, m, err) < 0)
		return -ERR_INVALID;
	if (m->part_count == 0 ? request_blank(m->content) : !has_parts(m))
		return 0;
	begin(x, "user");
	if (m->part_count == 0) {
		jw_string(&x->w, m->content);
		jw_end_object(&x->w);
		return 0;
	}
	jw_array(&x->w);
	for (size_t i = 0; i < m->part_count; i++) {
		if (!m->parts[i].text)
			write_image(x, m->parts[i].image_base64);
		else if (!request_blank(m->parts[i].text))
			write_text(x, m->parts[i].text);
	}
	jw_end_array(&x->w);
	jw_end_object(&x->w);
	return 0;
}

static void write_calls(struct writing *x, const struct llm_message *m)
{
	begin(x, "assistant");
	jw_array(&x->w);
	if (!request_blank(m->thought))
		write_text(x, m->thought);
	for (size_t i = 0; i < m->call_count; i++) {
		_auto_free_ char *input =
			request_arguments(m->calls[i].arguments);

		jw_object(&x->w);
		jw_kstring(&x->w, "type", "tool_use");
		jw_kstring(&x->w, "id", m->calls[i].id);
		jw_kstring(&x->w, "name", m->calls[i].name);
		jw_key(&x->w, "input");
		jw_raw(&x->w, input);
		jw_end_object(&x->w);
	}
	jw_end_array(&x->w);
	jw_end_object(&x->w);
}

/* The last one may not end in white space: the model goes on from there. */
static void write_assistant(struct writing *x, const struct llm_message *m,
			    bool last)
{
	_auto_free_ char *text = NULL;
	size_t len;

	if (m->call_count > 0) {
		write_calls(x, m);
		return;
	}
	if (request_blank(m->content))
		return;
	text = mem_strdup(m->content);
	len = strlen(text);
	while (last && len > 0 && strchr(" \t\r\n\v\f", text[len - 1]))
		text[--len] = 0;
	begin(x, "assistant");
	jw_string(&x->w, text);
	jw_end_object(&x->w);
}

static void write_results(struct writing *x, const struct llm_message *m)
{
	begin(x, "user");
	jw_array(&x->w);
	for (size_t i = 0; i < m->result_count; i++) {
		jw_object(&x->w);
		jw_kstring(&x->w, "type", "tool_result");
		jw_kstring(&x->w, "tool_use_id", m->results[i].call_id);
		jw_kstring(&x->w, "content",
			   m->results[i].content ? m->results[i].content : "");
		if (m->results[i].is_error)
			jw_kbool(&x->w, "is_error", true);
		jw_end_object(&x->w);
	}
	jw_end_array(&x->w);
	jw_end_object(&x->w);
}

static int write_messages(struct writing *x, struct err *err)
{
	size_t count = x->req->count;
	int rc = 0;

	jw_key(&x->w, "messages");
	jw_array(&x->w);
	for (size_t i = 0; i < count && rc == 0; i++) {
		const struct llm_message *m = x->req->messages[i];

		if (m->role == LLM_USER)
			rc = write_user(x, m, err);
		else if (m->role == LLM_ASSISTANT)
			write_assistant(x, m, i + 1 == count);
		else if (m->role == LLM_FUNCTION_RESULT)
			write_results(x, m);
	}
	jw_end_array(&x->w);
	return rc;
}

/* ---- tools ---- */

static void write_tool(struct writing *x, const struct json *function)
{
	const struct json *schema = json_get(function, "parameters");
	const char *about = json_string(json_get(function, "description"));

	jw_object(&x->w);
	jw_kstring(&x->w, "name", json_string(json_get(function, "name")));
	if (about)
		jw_kstring(&x->w, "description", about);
	if (json_is(schema, JSON_OBJECT) && json_count(schema) > 0) {
		write_raw(x, "input_schema", schema);
	} else {
		jw_key(&x->w, "input_schema");
		jw_raw(&x->w, "{\"type\":\"object\",\"properties\":{}}");
	}
	jw_end_object(&x->w);
}

static void write_choice(struct writing *x, const char *choice)
{
	static const struct {
		const char *word, *type;
	} rows[] = { { "auto", "auto" },
		     { "required", "any" },
		     { "none", "none" } };
	const char *type = "tool";

	if (!choice)
		choice = "auto";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_equal(choice, rows[i].word))
			type = rows[i].type;
	jw_key(&x->w, "tool_choice");
	jw_object(&x->w);
	jw_kstring(&x->w, "type", type);
	if (str_equal(type, "tool"))
		jw_kstring(&x->w, "name", choice);
	jw_end_object(&x->w);
}

/* Whether calls[k] of message i is the first of its name. */
static bool first_use(const struct model_request *r, size_t i, size_t k)
{
	const char *name = r->messages[i]->calls[k].name;

	for (size_t a = 0; a <= i; a++)
		for (size_t b = 0; b < r->messages[a]->call_count; b++)
			if (str_equal(r->messages[a]->calls[b].name, name))
				return a == i && b == k;
	return true;
}

static void write_former_tools(struct writing *x)
{
	const struct model_request *r = x->req;
	bool any = false;

	for (size_t i = 0; i < r->count; i++)
		any = any || r->messages[i]->call_count > 0;
	if (!any)
		return;
	jw_key(&x->w, "tools");
	jw_array(&x->w);
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->messages[i]->call_count; k++) {
			if (!first_use(r, i, k))
				continue;
			jw_object(&x->w);
			jw_kstring(&x->w, "name",
				   r->messages[i]->calls[k].name);
			jw_key(&x->w, "input_schema");
			jw_raw(&x->w, "{\"type\":\"object\"}");
			jw_end_object(&x->w);
		}
	jw_end_array(&x->w);
	write_choice(x, "none");
}

static int write_tools(struct writing *x, struct err *err)
{
	_auto_json_ struct json *tools = NULL;
	int rc = request_tools(x->config, x->req, &tools, err);

	if (rc < 0)
		return rc;
	if (!tools) {
		write_former_tools(x);
		return 0;
	}
	jw_key(&x->w, "tools");
	jw_array(&x->w);
	for (const struct json *t = json_child(tools); t; t = json_next(t))
		write_tool(x, json_get(t, "function"));
	jw_end_array(&x->w);
	write_choice(x, x->req->tool_choice);
	return 0;
}

static void write_args(struct writing *x)
{
	const struct vendor_config *c = x->config;
	bool limited = false;

	for (const struct json *m = vendor_config_create_arg(c, NULL); m;
	     m = vendor_config_create_arg(c, m)) {
		limited = limited || str_equal(json_key(m), "max_tokens");
		write_raw(x, json_key(m), m);
	}
	if (!limited)
		jw_kint(&x->w, "max_tokens", MAX_TOKENS);
	if (x->req->stream)
		jw_kbool(&x->w, "stream", true);
}

int anthropic_request_write(const struct vendor_config *c,
			    const struct model_request *req, struct buf *out,
			    struct err *err)
{
	struct writing x = { .config = c, .req = req };
	int rc = request_check_format(c, req, err);

	if (rc < 0)
		return rc;
	if (req->schema_json)
		return err_set(err, ERR_INVALID,
			       "structured output cannot be asked of "
			       "Anthropic's models");
	jw_init(&x.w, out);
	jw_object(&x.w);
	jw_kstring(&x.w, "model", c->model);
	write_system(&x);
	rc = write_messages(&x, err);
	if (rc == 0)
		rc = write_tools(&x, err);
	write_args(&x);
	jw_end_object(&x.w);
	if (rc == 0 && out->overflow)
		return err_set(err, ERR_TOO_LARGE,
			       "the conversation exceeds %zu bytes", out->max);
	return rc;
}
