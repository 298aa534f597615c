/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a message of the runtime carries: immutable, counted, known by its type
 * name. Either an object of this process with its destructor, or bytes with a
 * content type; bytes of a type nobody here knows are carried through.
 */
#include "executor/base/err.h"
#include <stddef.h>

#define PAYLOAD_JSON "application/json"
#define PAYLOAD_PROTOBUF "application/x-protobuf"

/* Read-only once made. */
struct payload {
	unsigned refs;
	const char *type;         /* "TextMessage", … */
	const char *content_type; /* NULL: an object */
	void *data;               /* the object, or the bytes, NUL-ended */
	size_t len;               /* of the bytes; 0 for an object */
	void (*destroy)(void *data);
};

/*
 * An object; `destroy` (may be NULL) ends it with the last reference. `type` is
 * borrowed and must outlive the payload: a literal, or within the object.
 */
struct payload *payload_object(const char *type, void *object,
			       void (*destroy)(void *object));

/* A copy of `len` bytes; the two names are copied too. */
struct payload *payload_bytes(const char *type, const char *content_type,
			      const void *data, size_t len);

/* JSON text, copied and not looked at. */
struct payload *payload_json(const char *type, const char *text);

struct payload *payload_ref(struct payload *p); /* NULL stays NULL */
void payload_unref(struct payload *p);          /* NULL is fine */

/* The object when it is one of this type, else NULL; p may be NULL. */
void *payload_get(const struct payload *p, const char *type);
