/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Who an agent is (autogen_core.AgentId): a type, under which a factory or
 * instances are registered, and a key, one instance each. Text "type/key".
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>

/* A view: who holds the strings is said where one is given. */
struct agent_id {
	const char *type;
	const char *key;
};

/* AutoGen's ^[\w\-\.]+\Z; letters beyond ASCII count as \w when they are valid
 * UTF-8. -ERR_INVALID otherwise. */
int agent_type_check(const char *type, struct err *err);

/* Whether type and key are there and the type is acceptable; the key may hold
 * anything, also "/" and nothing at all. */
int agent_id_check(const struct agent_id *id, struct err *err);

/*
 * Cuts `text` at its first "/", checks the type. *out then points into *memory,
 * which the caller frees by mem_free(). -ERR_INVALID.
 */
int agent_id_parse(const char *text, struct agent_id *out, char **memory,
		   struct err *err);

/* "type/key"; the caller frees it by mem_free(). */
char *agent_id_format(const struct agent_id *id);

/* Same type and same key. */
bool agent_id_equal(const struct agent_id *a, const struct agent_id *b);

/* For ids and topics: whether `s` is not empty and of letters, digits, "_" and
 * the characters of `also` only. */
bool agent_word(const char *s, const char *also);
