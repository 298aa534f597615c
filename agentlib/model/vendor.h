/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A client of a model service over HTTP: what all of them have in common. A
 * client is a load function, which fills the config and the headers, and a wire
 * (vendor_call.h).
 */
#include "agentlib/core/component.h"
#include "agentlib/core/model.h"
#include "agentlib/model/vendor_call.h"
#include "agentlib/model/vendor_config.h"

struct vendor {
	struct model model; /* first */
	struct http *http;  /* NULL: loaded for checking only */
	const struct vendor_wire *wire;
	struct vendor_config config;
	char *url, *shown;
	char **headers;
	size_t header_count;
};

/* The functions of its struct model_ops. */
int vendor_create(struct model *m, const struct model_request *req,
		  struct create_result *out, struct err *err);
void vendor_dump(const struct model *m, struct json_writer *w);
void vendor_destroy(struct model *m);

/* A client with one reference and the config read; never NULL. */
struct vendor *vendor_new(struct component_ctx *ctx, const struct json *config,
			  const struct model_ops *ops,
			  const struct vendor_wire *wire,
			  const struct vendor_words *words);

/* Takes `line` (mem_*); headers that stand already, the config's, win. */
void vendor_header(struct vendor *v, char *line);

/* Last: it asks at config.base_url + path. */
void vendor_ready(struct vendor *v, const char *path);

/* component_class.unref */
void vendor_unref(void *object);
