/* SPDX-License-Identifier: Apache-2.0 */
/* The rig of the model clients' tests. The service behind it is real HTTP. */
#include "tests/support/model_world.h"

#include "agentlib/model/model_classes.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http.h"
#include "tests/tap.h"

#include <string.h>

static const char *const *environment;

void model_world_environment(const char *const *lines)
{
	environment = lines;
}

static const char *get_env(const char *name)
{
	size_t len = strlen(name);

	for (const char *const *l = environment; l && *l; l++)
		if (strncmp(*l, name, len) == 0 && (*l)[len] == '=')
			return *l + len + 1;
	return NULL;
}

static void note(void *arg, const char *pointer, const char *text)
{
	struct model_world *w = arg;

	buf_printf(&w->notices, "%s: %s\n", pointer, text);
}

void model_world_begin(struct model_world *w, const char *recording)
{
	static const struct component_class *const *const floors[] = {
		model_classes, NULL
	};
	struct err err = { 0 };

	memset(w, 0, sizeof(*w));
	buf_init(&w->notices, 65536);
	buf_init(&w->chunks, (size_t)64 * 1024 * 1024);
	w->engine = engine_create(NULL, &err);
	REQUIRE(w->engine);
	w->http = http_create(engine_loop(w->engine), &err);
	REQUIRE(w->http);
	w->ctx.engine = w->engine;
	w->ctx.http = w->http;
	w->ctx.floors = floors;
	w->ctx.getenv = get_env;
	w->ctx.notice = note;
	w->ctx.notice_arg = w;
	w->ctx.settings = &w->settings;
	if (recording)
		replay_server_start(&w->server, recording);
}

void model_world_end(struct model_world *w)
{
	model_unref(w->model);
	component_ctx_finish(&w->ctx);
	http_destroy(w->http);
	engine_destroy(w->engine);
	buf_finish(&w->notices);
	buf_finish(&w->chunks);
	if (w->server.service.pid)
		replay_server_stop(&w->server);
}

bool model_world_load(struct model_world *w, const char *provider,
		      const char *config)
{
	_auto_json_ struct json *j = NULL;
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, 65536);
	buf_printf(&text, "{\"provider\":\"%s\",\"config\":", provider);
	for (const char *p = config; *p; p++) {
		if (*p == '@')
			buf_puts(&text, w->server.url);
		else
			buf_putc(&text, *p);
	}
	buf_putc(&text, '}');
	j = json_parse(text.data, text.len, text.max, &err);
	if (!j)
		tap_note("%s in %s", err.text, text.data);
	buf_finish(&text);
	REQUIRE(j);
	w->model = component_load(&w->ctx, j, NULL, COMPONENT_MODEL);
	return w->model != NULL;
}

void model_world_openai(struct model_world *w, const char *more)
{
	_auto_free_ char *config = mem_printf(
		"{\"model\":\"gpt-4o\",\"api_key\":\"sk-test-1234567890\","
		"\"base_url\":\"@\"%s}",
		more);
	bool ok = model_world_load(w, "OpenAIChatCompletionClient", config);

	for (size_t i = 0; i < w->ctx.fault_count; i++)
		tap_note("%s: %s", w->ctx.faults[i].pointer,
			 w->ctx.faults[i].text);
	REQUIRE(ok);
}

static int collect(void *arg, const char *text, size_t len, struct err *err)
{
	struct model_world *w = arg;

	w->chunk_count++;
	buf_add(&w->chunks, text, len);
	buf_putc(&w->chunks, '|');
	return 0;
}

struct asking {
	struct model_world *world;
	struct model_request *req;
	struct create_result *out;
};

static int ask(void *arg, struct err *err)
{
	struct asking *a = arg;

	return model_create(a->world->model, a->req, a->out, err);
}

int model_world_ask_with(struct model_world *w, struct model_request *req,
			 struct create_result *out, struct err *err)
{
	struct asking a = { w, req, out };

	memset(out, 0, sizeof(*out));
	req->chunk = collect;
	req->arg = w;
	return engine_run(w->engine, "asks", ask, &a, err);
}

int model_world_ask(struct model_world *w, bool stream,
		    struct create_result *out, struct err *err)
{
	struct llm_message *m[] = { llm_text(LLM_SYSTEM, NULL, "S"),
				    llm_text(LLM_USER, "user", "hi") };
	struct model_request req = { .messages = m,
				     .count = 2,
				     .stream = stream };
	int rc = model_world_ask_with(w, &req, out, err);

	llm_unref(m[0]);
	llm_unref(m[1]);
	return rc;
}

char *model_world_dump(struct model_world *w)
{
	struct json_writer jw;
	struct buf b;

	buf_init(&b, 1 << 20);
	jw_init(&jw, &b);
	component_dump(COMPONENT_MODEL, w->model, &jw);
	return buf_take(&b);
}
