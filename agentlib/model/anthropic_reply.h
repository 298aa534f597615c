/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a message of Anthropic's says: whole, or as the events of a stream. */
#include "agentlib/core/model.h"
#include "executor/net/sse.h"

struct json;

/* As openai_reply_read(), for {"content":[…],"stop_reason","usage"}. */
int anthropic_reply_read(const struct json *j, const struct model_info *info,
			 struct create_result *out, struct err *err);

/* For vendor_stream_init(); as openai_stream_event(). */
int anthropic_reply_event(void *arg, const struct sse_event *e,
			  struct err *err);
