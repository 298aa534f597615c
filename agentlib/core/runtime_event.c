/* SPDX-License-Identifier: Apache-2.0 */
/* AutoGen writes its enums as Python prints them: "MessageKind.DIRECT". */
#include "agentlib/core/runtime_event.h"

#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

static const char *const event_names[] = {
#define RUNTIME_EVENT_NAME(sym, name) [sym] = name,
	RUNTIME_EVENT_TABLE(RUNTIME_EVENT_NAME)
#undef RUNTIME_EVENT_NAME
};

static const char *const kind_names[] = {
	[RUNTIME_DIRECT] = "MessageKind.DIRECT",
	[RUNTIME_PUBLISH] = "MessageKind.PUBLISH",
	[RUNTIME_RESPOND] = "MessageKind.RESPOND",
};

static const char *const stage_names[] = {
	[RUNTIME_SEND] = "DeliveryStage.SEND",
	[RUNTIME_DELIVER] = "DeliveryStage.DELIVER",
};

const char *runtime_event_name(enum runtime_event_type t)
{
	return event_names[t];
}

static void write_id(struct json_writer *w, const char *key,
		     const struct agent_id *id)
{
	_auto_free_ char *text = id ? agent_id_format(id) : NULL;

	jw_kstring(w, key, text);
}

static void write_payload(struct json_writer *w, const struct payload *p)
{
	jw_key(w, "payload");
	if (!p)
		jw_string(w, "null");
	else if (p->content_type && str_equal(p->content_type, PAYLOAD_JSON))
		jw_string_n(w, p->data, p->len);
	else
		jw_string(w, p->type);
}

static void write_receiver(struct json_writer *w,
			   const struct runtime_event *ev)
{
	_auto_free_ char *topic = NULL;

	if (ev->receiver || !ev->topic) {
		write_id(w, "receiver", ev->receiver);
		return;
	}
	topic = topic_id_format(ev->topic);
	jw_kstring(w, "receiver", topic);
}

static void write_error(struct json_writer *w, const struct runtime_event *ev,
			const char *who)
{
	write_id(w, who, ev->receiver);
	jw_kstring(w, "exception", ev->err ? ev->err->text : "");
}

void runtime_event_write(const struct runtime_event *ev, struct json_writer *w)
{
	jw_object(w);
	if (ev->type != RUNTIME_EVENT_CONSTRUCTION)
		write_payload(w, ev->payload);
	if (ev->type == RUNTIME_EVENT_EXCEPTION) {
		write_error(w, ev, "handling_agent");
	} else if (ev->type == RUNTIME_EVENT_CONSTRUCTION) {
		write_error(w, ev, "agent_id");
	} else {
		write_id(w, "sender", ev->sender);
		write_receiver(w, ev);
		jw_kstring(w, "kind", kind_names[ev->kind]);
	}
	if (ev->type == RUNTIME_EVENT_MESSAGE)
		jw_kstring(w, "delivery_stage", stage_names[ev->stage]);
	jw_kstring(w, "type", runtime_event_name(ev->type));
	jw_end_object(w);
}
