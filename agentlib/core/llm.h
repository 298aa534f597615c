/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What goes to a model and comes back: AutoGen's LLMMessage family and
 * CreateResult, with their JSON (reference: autogen_core.models). LLM messages
 * are immutable and counted; contexts and requests share them.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;
struct json_writer;

enum llm_role { LLM_SYSTEM, LLM_USER, LLM_ASSISTANT, LLM_FUNCTION_RESULT };

struct function_call {
	char *id, *arguments, *name; /* arguments: JSON text */
};
struct function_result {
	char *content, *name, *call_id;
	bool is_error;
};

/* A part of a user message: text, or an image as base64 PNG/JPEG. */
struct llm_part {
	char *text; /* NULL: image */
	char *image_base64;
};

struct llm_message {
	unsigned refs;
	enum llm_role role;
	char *source;           /* user and assistant; NULL for system */
	char *content;          /* text; NULL when there are parts or calls */
	struct llm_part *parts; /* user */
	size_t part_count;
	struct function_call *calls; /* assistant */
	size_t call_count;
	char *thought; /* assistant; may be NULL */
	struct function_result *results;
	size_t result_count;
};

/* New text message with one reference; strings are copied. */
struct llm_message *llm_text(enum llm_role role, const char *source,
			     const char *content);
struct llm_message *llm_ref(struct llm_message *m);
void llm_unref(struct llm_message *m); /* NULL is fine */

/* {"content",…,"type":"UserMessage"}, in the order of AutoGen's dumps. */
void llm_write(const struct llm_message *m, struct json_writer *w);
/* NULL with *err (field = JSON pointer below the message). */
struct llm_message *llm_read(const struct json *j, struct err *err);

struct usage {
	int64_t prompt_tokens, completion_tokens;
};

enum finish_reason {
	FINISH_STOP,
	FINISH_LENGTH,
	FINISH_FUNCTION_CALLS,
	FINISH_CONTENT_FILTER,
	FINISH_UNKNOWN
};
/* "stop", "length", …; what is not known reads as FINISH_UNKNOWN. */
const char *finish_name(enum finish_reason r);
enum finish_reason finish_parse(const char *name);

struct create_result {
	enum finish_reason finish;
	char *content; /* text, or NULL with calls */
	struct function_call *calls;
	size_t call_count;
	struct usage usage;
	bool cached;
	char *thought; /* may be NULL */
};
void create_result_finish(struct create_result *r); /* frees what it holds */
