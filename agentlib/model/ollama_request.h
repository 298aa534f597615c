/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The body of POST /api/chat. */
#include "agentlib/core/model.h"

struct buf;
struct vendor_config;

/* Members of a config that stand in "options"; NULL-ended. */
extern const char *const ollama_request_options[];

/* As openai_request_write(). */
int ollama_request_write(const struct vendor_config *c,
			 const struct model_request *req, struct buf *out,
			 struct err *err);
