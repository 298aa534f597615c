/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LLM messages as Ollama's. It knows no choice of tools: "none" sends none, a
 * tool's name sends only that one, "required" is as good as "auto".
 */
#include "agentlib/model/ollama_request.h"

#include "agentlib/model/request.h"
#include "agentlib/model/vendor_config.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

const char *const ollama_request_options[] = {
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
	NULL,
};

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

static bool is_option(const char *key)
{
	const char *const *name = ollama_request_options;

	while (*name && !str_equal(*name, key))
		name++;
	return *name != NULL;
}

/* ---- messages ---- */

static void write_plain(struct writing *x, const char *role, const char *text)
{
	jw_object(&x->w);
	jw_kstring(&x->w, "role", role);
	jw_kstring(&x->w, "content", text ? text : "");
	jw_end_object(&x->w);
}

/* Texts are joined; images stand in a list of their own. */
static void write_parts(struct writing *x, const struct llm_message *m)
{
	bool images = false;
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; i < m->part_count; i++) {
		images = images || !m->parts[i].text;
		if (m->parts[i].text)
			buf_printf(&text, "%s%s", text.len ? "\n" : "",
				   m->parts[i].text);
	}
	jw_object(&x->w);
	jw_kstring(&x->w, "role", "user");
	jw_kstring(&x->w, "content", text.len ? text.data : "");
	if (images) {
		jw_key(&x->w, "images");
		jw_array(&x->w);
		for (size_t i = 0; i < m->part_count; i++)
			if (!m->parts[i].text)
				jw_string(&x->w, m->parts[i].image_base64);
		jw_end_array(&x->w);
	}
	jw_end_object(&x->w);
	buf_finish(&text);
}

static void write_calls(struct writing *x, const struct llm_message *m)
{
	jw_object(&x->w);
	jw_kstring(&x->w, "role", "assistant");
	jw_kstring(&x->w, "content", m->thought ? m->thought : "");
	jw_key(&x->w, "tool_calls");
	jw_array(&x->w);
	for (size_t i = 0; i < m->call_count; i++) {
		_auto_free_ char *arguments =
			request_arguments(m->calls[i].arguments);

		jw_object(&x->w);
		jw_key(&x->w, "function");
		jw_object(&x->w);
		jw_kstring(&x->w, "name", m->calls[i].name);
		jw_key(&x->w, "arguments");
		jw_raw(&x->w, arguments);
		jw_end_object(&x->w);
		jw_end_object(&x->w);
	}
	jw_end_array(&x->w);
	jw_end_object(&x->w);
}

static void write_results(struct writing *x, const struct llm_message *m)
{
	for (size_t i = 0; i < m->result_count; i++) {
		const struct function_result *r = &m->results[i];

		jw_object(&x->w);
		jw_kstring(&x->w, "role", "tool");
		jw_kstring(&x->w, "content", r->content ? r->content : "");
		if (r->name)
			jw_kstring(&x->w, "tool_name", r->name);
		jw_end_object(&x->w);
	}
}

static int write_messages(struct writing *x, struct err *err)
{
	jw_key(&x->w, "messages");
	jw_array(&x->w);
	for (size_t i = 0; i < x->req->count; i++) {
		const struct llm_message *m = x->req->messages[i];

		if (request_check_images(x->config, m, err) < 0)
			return -ERR_INVALID;
		if (m->role == LLM_FUNCTION_RESULT)
			write_results(x, m);
		else if (m->call_count > 0)
			write_calls(x, m);
		else if (m->part_count > 0)
			write_parts(x, m);
		else
			write_plain(x,
				    m->role == LLM_SYSTEM ? "system"
				    : m->role == LLM_USER ? "user"
							  : "assistant",
				    m->content);
	}
	jw_end_array(&x->w);
	return 0;
}

/* ---- what stands beside them ---- */

static int write_tools(struct writing *x, struct err *err)
{
	const char *choice = x->req->tool_choice;
	bool all = !choice || str_equal(choice, "auto") ||
		   str_equal(choice, "required");
	_auto_json_ struct json *tools = NULL;
	int rc = request_tools(x->config, x->req, &tools, err);

	if (rc < 0 || !tools || str_equal(choice, "none"))
		return rc;
	jw_key(&x->w, "tools");
	jw_array(&x->w);
	for (const struct json *t = json_child(tools); t; t = json_next(t)) {
		const struct json *f = json_get(t, "function");
		_auto_free_ char *text = NULL;

		if (!all &&
		    !str_equal(json_string(json_get(f, "name")), choice))
			continue;
		text = json_print(t);
		jw_raw(&x->w, text);
	}
	jw_end_array(&x->w);
	return 0;
}

static void write_format(struct writing *x)
{
	const struct json *own = json_get(x->config->raw, "response_format");
	const char *type = json_string(json_get(own, "type"));

	if (x->req->schema_json) {
		jw_key(&x->w, "format");
		jw_raw(&x->w, x->req->schema_json);
	} else if (x->req->json_output || str_equal(type, "json_object")) {
		jw_kstring(&x->w, "format", "json");
	} else if (json_is(own, JSON_OBJECT)) {
		write_raw(x, "format", own);
	}
}

/* "options" of the config, and the options that stand beside it, which win. */
static void write_options(struct writing *x)
{
	const struct json *raw = x->config->raw;
	const struct json *inner = json_get(raw, "options");

	jw_key(&x->w, "options");
	jw_object(&x->w);
	for (const struct json *m = json_child(raw); m; m = json_next(m))
		if (is_option(json_key(m)) && !json_is(m, JSON_NULL))
			write_raw(x, json_key(m), m);
	for (const struct json *m = json_child(inner); m; m = json_next(m))
		if (!json_is(m, JSON_NULL) &&
		    (!is_option(json_key(m)) ||
		     json_is(json_get(raw, json_key(m)), JSON_NULL)))
			write_raw(x, json_key(m), m);
	jw_end_object(&x->w);
}

int ollama_request_write(const struct vendor_config *c,
			 const struct model_request *req, struct buf *out,
			 struct err *err)
{
	struct writing x = { .config = c, .req = req };
	int rc = request_check_format(c, req, err);

	if (rc < 0)
		return rc;
	jw_init(&x.w, out);
	jw_object(&x.w);
	jw_kstring(&x.w, "model", c->model);
	rc = write_messages(&x, err);
	if (rc == 0)
		rc = write_tools(&x, err);
	if (rc < 0)
		return rc;
	write_format(&x);
	write_options(&x);
	for (const struct json *m = vendor_config_create_arg(c, NULL); m;
	     m = vendor_config_create_arg(c, m))
		write_raw(&x, json_key(m), m);
	jw_kbool(&x.w, "stream", req->stream);
	jw_end_object(&x.w);
	if (out->overflow)
		return err_set(err, ERR_TOO_LARGE,
			       "the conversation exceeds %zu bytes", out->max);
	return 0;
}
