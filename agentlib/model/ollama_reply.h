/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What Ollama answers: one object, or a line of JSON for each piece. */
#include "agentlib/core/model.h"
#include "executor/net/sse.h"

struct json;

/* As openai_reply_read(), for {"message":{…},"done":true}. */
int ollama_reply_read(const struct json *j, const struct model_info *info,
		      struct create_result *out, struct err *err);

/* For vendor_stream_init(), with lines; as openai_stream_event(). */
int ollama_reply_event(void *arg, const struct sse_event *e, struct err *err);
