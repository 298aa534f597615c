/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a publication is about (autogen_core.TopicId): a type, which
 * subscriptions match, and a source, which becomes the key of the agents that
 * get it. Text "type/source".
 */
#include "executor/base/err.h"
#include <stdbool.h>

/* Type of DefaultTopicId, and its source outside of a handler. */
#define TOPIC_DEFAULT "default"

/* A view: who holds the strings is said where one is given. */
struct topic_id {
	const char *type;
	const char *source;
};

/* AutoGen's ^[\w\-\.\:\=]+\Z, as agent_type_check(). */
int topic_type_check(const char *type, struct err *err);

/* Whether type and source are there and the type is acceptable. */
int topic_id_check(const struct topic_id *t, struct err *err);

/* Cuts at the first "/"; as agent_id_parse(). */
int topic_id_parse(const char *text, struct topic_id *out, char **memory,
		   struct err *err);

/* "type/source"; the caller frees it by mem_free(). */
char *topic_id_format(const struct topic_id *t);

/* Same type and same source. */
bool topic_id_equal(const struct topic_id *a, const struct topic_id *b);
