/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The body of POST /v1/messages. */
#include "agentlib/core/model.h"

struct buf;
struct vendor_config;

/* As openai_request_write(). */
int anthropic_request_write(const struct vendor_config *c,
			    const struct model_request *req, struct buf *out,
			    struct err *err);
