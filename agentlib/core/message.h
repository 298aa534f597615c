/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * AutoGen's chat messages and events (autogen_agentchat.messages): immutable,
 * counted, shared by transcript, buffers, contexts. A handler borrows for the
 * call and takes a reference to keep. JSON is AutoGen's, written without a tree.
 */
#include "agentlib/core/code_executor.h"
#include "agentlib/core/llm.h"
#include "executor/base/clock.h"
#include "executor/base/err.h"
#include "executor/base/str.h"
#include <stdbool.h>
#include <stddef.h>

struct buf;
struct json;
struct json_writer;

/* X(enum, type name, is it a chat message) */
#define MESSAGE_TABLE(X)                                                       \
	X(MESSAGE_TEXT, "TextMessage", true)                                   \
	X(MESSAGE_STOP, "StopMessage", true)                                   \
	X(MESSAGE_HANDOFF, "HandoffMessage", true)                             \
	X(MESSAGE_TOOL_SUMMARY, "ToolCallSummaryMessage", true)                \
	X(MESSAGE_TOOL_REQUEST, "ToolCallRequestEvent", false)                 \
	X(MESSAGE_TOOL_EXECUTION, "ToolCallExecutionEvent", false)             \
	X(MESSAGE_CODE_GENERATION, "CodeGenerationEvent", false)               \
	X(MESSAGE_CODE_EXECUTION, "CodeExecutionEvent", false)                 \
	X(MESSAGE_USER_INPUT, "UserInputRequestedEvent", false)                \
	X(MESSAGE_CHUNK, "ModelClientStreamingChunkEvent", false)              \
	X(MESSAGE_THOUGHT, "ThoughtEvent", false)                              \
	X(MESSAGE_SELECT_SPEAKER, "SelectSpeakerEvent", false)

enum message_type {
#define MESSAGE_ENUM(sym, name, chat) sym,
	MESSAGE_TABLE(MESSAGE_ENUM)
#undef MESSAGE_ENUM
		MESSAGE_TYPE_COUNT
};
/* "TextMessage", …; and whether agents exchange it (events they do not). */
const char *message_type_name(enum message_type t);
bool message_is_chat(enum message_type t);

struct message_meta {
	char *key, *value;
};

/* Read-only after message_seal() hands it out. Unused members are NULL/0. */
struct message {
	unsigned refs;
	enum message_type type;
	char id[STR_UUID_SIZE];
	char *source;
	bool has_usage;
	struct usage usage;
	struct message_meta *metadata;
	size_t metadata_count;
	char created_at[CLOCK_STAMP_SIZE];
	char *content;                /* text of most types */
	char *target;                 /* handoff */
	struct llm_message **context; /* handoff */
	size_t context_count;
	struct function_call *calls;
	size_t call_count;
	struct function_result *results;
	size_t result_count;
	int retry_attempt;         /* code events */
	struct code_block *blocks; /* CodeGenerationEvent */
	size_t block_count;
	int exit_code; /* CodeExecutionEvent: result */
	char *output;
	struct code_file *files; /* ours, in metadata-free JSON "files" */
	size_t file_count;
	char *request_id;      /* UserInputRequestedEvent */
	char *full_message_id; /* chunk; may be NULL */
	char **names;          /* SelectSpeakerEvent */
	size_t name_count;
};

/* A new message with id and created_at set and one reference; fill the other
 * members (strings by mem_strdup) before sharing it. `content` may be NULL. */
struct message *message_new(enum message_type type, const char *source,
			    const char *content);
struct message *message_ref(struct message *m);
void message_unref(struct message *m); /* NULL is fine */

/* {"id",…,"type"} in AutoGen's order. */
void message_write(const struct message *m, struct json_writer *w);
/* NULL with *err, field = pointer below the message. */
struct message *message_read(const struct json *j, struct err *err);

/* to_text() and to_model_text(): appended to out. */
void message_text(const struct message *m, struct buf *out);
/* to_model_message(): UserMessage(source), one reference; NULL for events. */
struct llm_message *message_to_llm(const struct message *m);

/* A growing list of references. */
struct message_list {
	struct message **items;
	size_t count, cap;
};
void message_list_add(struct message_list *l, struct message *m); /* refs it */
void message_list_finish(struct message_list *l);
