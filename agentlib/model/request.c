/* SPDX-License-Identifier: Apache-2.0 */
/* A request that no service would take is refused here, with a better reason. */
#include "agentlib/model/request.h"

#include "agentlib/model/vendor_config.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define NAME_MAX_LEN 64
#define TOOLS_MAX ((size_t)4 * 1024 * 1024)

bool request_name_ok(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-";
	size_t len = name ? strspn(name, allowed) : 0;

	return len > 0 && len <= NAME_MAX_LEN && !name[len];
}

int request_name_bad(const char *what, const char *name, struct err *err)
{
	err_set(err, ERR_INVALID,
		"%s \"%.100s\" cannot be sent to this model: only letters, "
		"digits, _ and - are allowed, at most %d",
		what, name ? name : "", NAME_MAX_LEN);
	return err_try(err, "rename it");
}

bool request_blank(const char *text)
{
	return !text || !text[strspn(text, " \t\r\n\v\f")];
}

const char *request_image_type(const char *base64)
{
	static const struct {
		const char *start, *type;
	} rows[] = {
		{ "/9j/", "image/jpeg" },
		{ "R0lGOD", "image/gif" },
		{ "UklGR", "image/webp" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_starts(base64, rows[i].start))
			return rows[i].type;
	return "image/png";
}

int request_check_images(const struct vendor_config *c,
			 const struct llm_message *m, struct err *err)
{
	for (size_t i = 0; i < m->part_count; i++)
		if (!m->parts[i].text && !c->info.vision)
			return err_set(err, ERR_INVALID,
				       "model \"%s\" cannot see images, and one "
				       "was sent by %s",
				       c->model, m->source);
	return 0;
}

int request_tools(const struct vendor_config *c,
		  const struct model_request *req, struct json **out,
		  struct err *err)
{
	const char *text = req->tools_json;
	_auto_json_ struct json *tools = NULL;

	*out = NULL;
	if (!text)
		return 0;
	tools = json_parse(text, strlen(text), TOOLS_MAX, err);
	if (!tools)
		return err_prefix(err, "tools: ");
	if (json_count(tools) == 0)
		return 0;
	if (!c->info.function_calling)
		return err_set(err, ERR_INVALID,
			       "model \"%s\" cannot call functions, and tools "
			       "were given",
			       c->model);
	for (const struct json *t = json_child(tools); t; t = json_next(t)) {
		const char *name =
			json_string(json_get(json_get(t, "function"), "name"));

		if (!request_name_ok(name))
			return request_name_bad("the name of a tool,", name,
						err);
	}
	*out = mem_take(tools);
	return 0;
}

int request_check_format(const struct vendor_config *c,
			 const struct model_request *req, struct err *err)
{
	if (req->schema_json && !c->info.structured_output)
		return err_set(err, ERR_INVALID,
			       "model \"%s\" has no structured output",
			       c->model);
	if (!req->schema_json && req->json_output && !c->info.json_output)
		return err_set(err, ERR_INVALID,
			       "model \"%s\" has no JSON mode", c->model);
	return 0;
}

char *request_arguments(const char *arguments)
{
	const char *text = arguments ? arguments : "";
	_auto_json_ struct json *j = json_parse(text, strlen(text), TOOLS_MAX,
						NULL);
	struct json_writer w;
	struct buf b;

	if (json_is(j, JSON_OBJECT))
		return mem_strdup(text);
	if (request_blank(text))
		return mem_strdup("{}");
	buf_init(&b, SIZE_MAX / 4);
	jw_init(&w, &b);
	jw_object(&w);
	jw_kstring(&w, "text", text);
	jw_end_object(&w);
	return buf_take(&b);
}
