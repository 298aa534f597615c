/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items are texts or whole results. Usage is counted in words. A stream gives
 * words with the blanks behind them, so that the pieces add up to the text,
 * line ends included (AutoGen's do not).
 */
#include "agentlib/model/replay.h"

#include "agentlib/core/llm_parts.h"
#include "agentlib/core/model.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/model/model_info.h"
#include "agentlib/model/openai_reply.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <stdio.h>
#include <string.h>

#define PROVIDER "autogen_ext.models.replay.ReplayChatCompletionClient"

struct replay {
	struct model model; /* first */
	struct create_result *items;
	bool *texts; /* which items were plain text */
	size_t count, next;
	struct json *raw; /* the config as it was */
};

static int64_t words(const char *text)
{
	static const char blanks[] = " \t\r\n\v\f";
	int64_t n = 0;

	for (; text && *text; text += strcspn(text, blanks)) {
		text += strspn(text, blanks);
		n += *text != 0;
	}
	return n;
}

static int64_t prompt_words(const struct model_request *req)
{
	int64_t n = 0;

	for (size_t i = 0; i < req->count; i++) {
		const struct llm_message *m = req->messages[i];

		n += words(m->content);
		for (size_t k = 0; k < m->part_count; k++)
			n += words(m->parts[k].text);
	}
	return n;
}

static int stream(const struct model_request *req, const char *text,
		  struct err *err)
{
	static const char blanks[] = " \t\r\n\v\f";

	while (req->chunk && *text) {
		size_t len = strcspn(text, blanks);
		int rc;

		len += strspn(text + len, blanks);
		rc = req->chunk(req->arg, text, len, err);
		if (rc < 0)
			return rc;
		text += len;
	}
	return 0;
}

static int replay_create(struct model *m, const struct model_request *req,
			 struct create_result *out, struct err *err)
{
	struct replay *r = (struct replay *)m;
	const struct create_result *item;
	int rc = fiber_check(err);

	if (rc < 0)
		return rc;
	if (r->next == r->count)
		return err_set(err, ERR_INVALID,
			       "No more mock responses available");
	item = &r->items[r->next];
	r->next++;
	if (req->stream && item->content) {
		rc = stream(req, item->content, err);
		if (rc < 0)
			return rc;
	}
	*out = *item;
	out->content = mem_strdup(item->content);
	out->thought = mem_strdup(item->thought);
	out->calls = function_calls_copy(item->calls, item->call_count);
	out->usage.prompt_tokens = prompt_words(req);
	if (r->texts[r->next - 1])
		out->usage.completion_tokens = words(item->content);
	return 0;
}

static void replay_dump(const struct model *m, struct json_writer *w)
{
	const struct replay *r = (const struct replay *)m;
	static const char *const keys[] = { "chat_completions", "model_info" };

	jw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct json *j = json_get(r->raw, keys[i]);
		_auto_free_ char *text = NULL;

		if (json_is(j, JSON_NULL))
			continue;
		text = json_print(j);
		jw_key(w, keys[i]);
		jw_raw(w, text);
	}
	jw_end_object(w);
}

static void replay_destroy(struct model *m)
{
	struct replay *r = (struct replay *)m;

	for (size_t i = 0; i < r->count; i++)
		create_result_finish(&r->items[i]);
	mem_free(r->items);
	mem_free(r->texts);
	json_destroy(r->raw);
	mem_free(r);
}

static const struct model_ops ops = { .provider = PROVIDER,
				      .create = replay_create,
				      .dump = replay_dump,
				      .destroy = replay_destroy };

/* ---- loading ---- */

static void load_content(struct component_ctx *ctx, const struct json *j,
			 struct create_result *item)
{
	struct err err = { 0 };
	char place[128];

	if (json_string(j)) {
		item->content = mem_strdup(json_string(j));
		return;
	}
	if (!json_is(j, JSON_ARRAY)) {
		component_fault(ctx, "content",
				"must be a text or an array of function calls");
		return;
	}
	if (function_calls_read(j, &item->calls, &item->call_count, &err) < 0) {
		snprintf(place, sizeof(place), "content%s", err.field);
		component_fault(ctx, place, "%s", err.text);
	}
}

static void load_result(struct component_ctx *ctx, const struct json *j,
			struct create_result *item)
{
	const char *reason = component_string(ctx, j, "finish_reason", "stop");

	item->finish = finish_parse(reason);
	item->cached = component_bool(ctx, j, "cached", false);
	item->thought = mem_strdup(component_string(ctx, j, "thought", NULL));
	item->usage = openai_reply_usage(component_object(ctx, j, "usage"));
	load_content(ctx, json_get(j, "content"), item);
}

static void load_item(struct component_ctx *ctx, const struct json *j,
		      struct replay *r)
{
	struct create_result *item = &r->items[r->count];

	r->texts[r->count] = json_string(j) != NULL;
	r->count++;
	if (json_string(j)) {
		item->finish = FINISH_STOP;
		item->cached = true;
		item->content = mem_strdup(json_string(j));
	} else if (json_is(j, JSON_OBJECT)) {
		load_result(ctx, j, item);
	} else {
		component_fault(ctx, NULL, "must be a text or a CreateResult");
	}
}

static void load_items(struct component_ctx *ctx, const struct json *config,
		       struct replay *r)
{
	const struct json *all = component_array(ctx, config,
						 "chat_completions");
	size_t n = json_count(all);

	r->items = mem_zero(n + 1, sizeof(*r->items));
	r->texts = mem_zero(n + 1, sizeof(*r->texts));
	if (!all && !json_get(config, "chat_completions"))
		component_fault(ctx, "chat_completions",
				"this member is missing");
	for (const struct json *j = json_child(all); j; j = json_next(j)) {
		char step[64];

		snprintf(step, sizeof(step), "chat_completions/%zu", r->count);
		component_enter(ctx, step);
		load_item(ctx, j, r);
		component_leave(ctx);
	}
}

static void *replay_load(struct component_ctx *ctx, const struct json *config,
			 int version)
{
	static const char *const known[] = { "chat_completions", "model_info",
					     NULL };
	const struct component_settings *set = ctx->settings;
	struct replay *r = mem_new(struct replay);

	r->model.ops = &ops;
	r->model.refs = 1;
	r->model.engine = ctx->engine;
	r->model.name = mem_strdup("replay");
	r->raw = config ? json_copy(config) : NULL;
	str_copy(r->model.info.family, sizeof(r->model.info.family), "unknown");
	model_info_load(ctx, config, &r->model.info);
	load_items(ctx, config, r);
	component_known_keys(ctx, config, known);
	if (set && (set->model || set->base_url))
		component_notice(ctx, "gives recorded answers; --model and "
				      "--base-url do not apply to it");
	return r;
}

static void unref(void *object)
{
	model_unref(object);
}

const struct component_class replay_class = {
	.provider = PROVIDER,
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = replay_load,
	.unref = unref,
};
