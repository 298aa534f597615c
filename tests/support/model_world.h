/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* An engine, an HTTP client, an environment of its own, and a model client
 * loaded from JSON; for tests of model clients. */
#include "agentlib/core/component.h"
#include "agentlib/core/model.h"
#include "agentlib/fiber/engine.h"
#include "executor/base/buf.h"
#include "tests/support/replay_server.h"

struct model_world {
	struct engine *engine;
	struct http *http;
	struct component_ctx ctx;
	struct component_settings settings;
	struct replay_server server; /* pid 0: none */
	struct model *model;
	struct buf notices; /* "POINTER: text\n" */
	struct buf chunks;  /* the pieces, each with a | behind it */
	size_t chunk_count;
};

/* NULL-ended "NAME=value" lines that the loader sees; static life. */
void model_world_environment(const char *const *lines);

/* `recording` may be NULL. */
void model_world_begin(struct model_world *w, const char *recording);
void model_world_end(struct model_world *w);

/* Loads {"provider":provider,"config":config}; "@" in config stands for the
 * server's URL. False when there were faults (ctx.faults). */
bool model_world_load(struct model_world *w, const char *provider,
		      const char *config);

/* OpenAIChatCompletionClient with model "gpt-4o", key "sk-test-1234567890", the
 * server as base_url, and `more` (",\"x\":1" or ""); a failure ends the test. */
void model_world_openai(struct model_world *w, const char *more);

/* Asks "system: S, user: hi" on a fiber; chunks are collected if `stream`. */
int model_world_ask(struct model_world *w, bool stream,
		    struct create_result *out, struct err *err);

/* The same with a request of one's own (its chunk function is replaced). */
int model_world_ask_with(struct model_world *w, struct model_request *req,
			 struct create_result *out, struct err *err);

/* The dumped component, freed by mem_free(). */
char *model_world_dump(struct model_world *w);
