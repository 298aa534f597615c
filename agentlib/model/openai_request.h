/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The body of POST /chat/completions. */
#include "agentlib/core/model.h"

struct buf;
struct vendor_config;

/*
 * Appends the request's JSON to `out`. -ERR_INVALID, before anything is sent,
 * for what the API or the model cannot take: a name with other characters than
 * letters, digits, _ and -, images for a model without vision, and so on;
 * -ERR_TOO_LARGE when `out` is full.
 */
int openai_request_write(const struct vendor_config *c,
			 const struct model_request *req, struct buf *out,
			 struct err *err);
