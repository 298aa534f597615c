/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The config object of OpenAIChatCompletionClient: reading it with what the
 * environment and the command line add, and writing it back.
 */
#include "agentlib/core/model.h"
#include <stdbool.h>
#include <stdint.h>

struct component_ctx;
struct json;
struct json_writer;

struct openai_config {
	char *model;
	char *api_key;          /* NULL: none is sent */
	const char *key_source; /* where it comes from, or should: literal */
	char *base_url;         /* without a final slash */
	const char *url_source; /* in words; NULL: the default of the name */
	bool own_url;           /* the config names it */
	char *organization, *project;
	uint64_t timeout_ms;
	unsigned max_retries;
	bool add_name_prefixes, include_name;
	char **headers;   /* default_headers as lines, NULL-ended */
	struct json *raw; /* the config as it was; NULL = {} */
	struct model_info info;
};

/* Fills *c; what is wrong becomes faults. To be finished in every case. */
void openai_config_load(struct component_ctx *ctx, const struct json *config,
			struct openai_config *c);
void openai_config_finish(struct openai_config *c);

/* The config object, secrets masked. */
void openai_config_write(const struct openai_config *c, struct json_writer *w);

/* The next member of `raw` after `last` (NULL: the first) that goes into every
 * request as it is ("temperature", …); NULL at the end. */
const struct json *openai_config_create_arg(const struct openai_config *c,
					    const struct json *last);
