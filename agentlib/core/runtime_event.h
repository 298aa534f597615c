/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a runtime tells its observer: AutoGen's structured events
 * (autogen_core.logging) with their `type` values. Without an observer none is
 * made.
 */
#include "agentlib/core/agent_id.h"
#include "agentlib/core/payload.h"
#include "agentlib/core/topic_id.h"
#include "executor/base/err.h"

struct json_writer;

/* X(enum, AutoGen's `type`) */
#define RUNTIME_EVENT_TABLE(X)                                                 \
	X(RUNTIME_EVENT_MESSAGE, "Message")                                    \
	X(RUNTIME_EVENT_DROPPED, "MessageDropped")                             \
	X(RUNTIME_EVENT_EXCEPTION, "MessageHandlerException")                  \
	X(RUNTIME_EVENT_CONSTRUCTION, "AgentConstructionException")

enum runtime_event_type {
#define RUNTIME_EVENT_ENUM(sym, name) sym,
	RUNTIME_EVENT_TABLE(RUNTIME_EVENT_ENUM)
#undef RUNTIME_EVENT_ENUM
};

enum runtime_event_kind { RUNTIME_DIRECT, RUNTIME_PUBLISH, RUNTIME_RESPOND };
enum runtime_event_stage { RUNTIME_SEND, RUNTIME_DELIVER };

/* Everything is borrowed for the call. */
struct runtime_event {
	enum runtime_event_type type;
	enum runtime_event_kind kind;
	enum runtime_event_stage stage;
	const struct payload *payload;   /* NULL: no answer */
	const struct agent_id *sender;   /* NULL: from outside */
	const struct agent_id *receiver; /* the handling agent */
	const struct topic_id *topic;    /* publications */
	const struct err *err;           /* of exceptions */
};

/* "Message", … */
const char *runtime_event_name(enum runtime_event_type t);

/*
 * AutoGen's JSON object. The payload's text is its bytes when they are JSON,
 * else its type name: objects are written by those who know them.
 */
void runtime_event_write(const struct runtime_event *ev, struct json_writer *w);
