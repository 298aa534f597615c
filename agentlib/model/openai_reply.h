/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a chat completion says, once it is complete: from one JSON document, or
 * from the pieces of a stream, which end in the same rules.
 */
#include "agentlib/core/model.h"

struct json;

/*
 * Reads {"choices":[…],"usage":…} into *out, to be finished by
 * create_result_finish() in every case. -ERR_UNAVAILABLE when it is no chat
 * completion or holds an "error", with the server's words.
 */
int openai_reply_read(const struct json *j, const struct model_info *info,
		      struct create_result *out, struct err *err);

/* prompt_tokens and completion_tokens; zeros for what is absent. */
struct usage openai_reply_usage(const struct json *usage);

/* The reason by the words services use for it. */
enum finish_reason openai_reply_finish(const char *reason);
