/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the config objects of all clients of model services hold: reading it
 * with what the environment and the command line add, and writing it back.
 */
#include "agentlib/core/model.h"
#include <stdbool.h>
#include <stdint.h>

struct component_ctx;
struct json;
struct json_writer;

/* How one client's config is spelled. Lists are NULL-ended. */
struct vendor_words {
	const char *url_member;         /* "base_url" */
	const char *url_variable;       /* of the environment */
	const char *headers_member;     /* "default_headers" */
	const char *const *known;       /* all members */
	const char *const *create_args; /* those that go into every request */
	const char *const *forbidden;   /* those the client decides itself */
	const char *const *secrets;     /* those a dump masks */
	bool any_model;                 /* unknown names need no notice */
	bool no_model;                  /* the name may be missing */
};

struct vendor_config {
	const struct vendor_words *words;
	char *model;
	char *api_key;          /* NULL: none is sent */
	const char *key_source; /* where it comes from, or should: literal */
	char *base_url;         /* without a final slash */
	const char *url_source; /* in words; NULL: the vendor's own */
	bool own_url;           /* the config names it */
	uint64_t timeout_ms;
	unsigned max_retries;
	bool add_name_prefixes, include_name;
	bool ask_usage;   /* streams ask for it by stream_options */
	char **headers;   /* of the config, as lines, NULL-ended */
	struct json *raw; /* the config as it was; NULL = {} */
	struct model_info info;
	bool own_info; /* the config has model_info */
};

/* Fills all of *c but the URL and the key; what is wrong becomes faults. To be
 * finished in every case. `words` is borrowed. */
void vendor_config_load(struct component_ctx *ctx, const struct json *config,
			const struct vendor_words *words,
			struct vendor_config *c);
void vendor_config_finish(struct vendor_config *c);

/* A variable of the environment; NULL when unset or empty. */
const char *vendor_config_env(struct component_ctx *ctx, const char *name);

/* The address of the command line, the config or the environment; NULL: none
 * says it. Sets url_source and own_url. */
const char *vendor_config_choose(struct component_ctx *ctx,
				 const struct json *config,
				 struct vendor_config *c);

/*
 * Where the service is: the command line's, the config's or the environment's,
 * which must be a URL; else `otherwise` (NULL: a fault). Sets base_url.
 */
void vendor_config_place(struct component_ctx *ctx, const struct json *config,
			 struct vendor_config *c, const char *otherwise);

/* The URL as it is; checks it and cuts slashes from its end. */
void vendor_config_set_url(struct component_ctx *ctx, struct vendor_config *c,
			   const char *url);

/*
 * The key: the config's `member`, else the first of the variables (NULL-ended)
 * that is set. A notice when a key of the environment goes where the file says.
 * Its absence is no fault here.
 */
void vendor_config_key(struct component_ctx *ctx, const struct json *config,
		       const char *member, const char *const *variables,
		       struct vendor_config *c);

/* Says that there is no key: a notice when only checking, else a fault. */
void vendor_config_no_key(struct component_ctx *ctx, const char *member,
			  const struct vendor_config *c);

/* The config object, secrets masked. */
void vendor_config_write(const struct vendor_config *c, struct json_writer *w);

/* The next member of `raw` after `last` (NULL: the first) that goes into every
 * request as it is ("temperature", …); NULL at the end. */
const struct json *vendor_config_create_arg(const struct vendor_config *c,
					    const struct json *last);
