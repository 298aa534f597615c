/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The rules in which all answers of models end, whatever service they are of. */
#include "agentlib/core/model.h"

struct json;

#define REPLY_CALLS_MAX 128

/* A function's name as one that may be sent back; freed by mem_free(). */
char *reply_name(const char *name);

/* The arguments of a call: the text, or that of the object that some services
 * send instead; "{}" for all else. Freed by mem_free(). */
char *reply_arguments(const struct json *j);

/*
 * Settles a result: calls decide the reason and turn text into thought, text
 * that begins with <think>…</think> is split for models known or free to do so.
 */
void reply_settle(const struct model_info *info, struct create_result *out);

/* -ERR_TOO_LARGE with a sentence when a model asks for so many calls. */
int reply_check_calls(size_t count, struct err *err);
