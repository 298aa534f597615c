/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The config object of OpenAIChatCompletionClient, and what its members have in
 * common with others that speak the same protocol.
 */
#include "agentlib/model/vendor_config.h"

/* The members that go into every request, and those the client decides. */
#define OPENAI_CREATE_ARGS                                                     \
	"frequency_penalty", "logit_bias", "max_tokens",                       \
		"max_completion_tokens", "presence_penalty",                   \
		"response_format", "seed", "stop", "temperature", "top_p",     \
		"user", "parallel_tool_calls", "reasoning_effort",             \
		"stream_options"
#define OPENAI_FORBIDDEN "stream", "messages", "function_call", "functions", "n"

extern const struct vendor_words openai_config_words;

/* Fills where the service is and the key of a loaded config. */
void openai_config_service(struct component_ctx *ctx, const struct json *config,
			   struct vendor_config *c);
