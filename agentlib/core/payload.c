/* SPDX-License-Identifier: Apache-2.0 */
/* Names and bytes lie in the payload's own block: one allocation each. */
#include "agentlib/core/payload.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

struct payload *payload_object(const char *type, void *object,
			       void (*destroy)(void *object))
{
	struct payload *p = mem_new(struct payload);

	p->refs = 1;
	p->type = type;
	p->data = object;
	p->destroy = destroy;
	return p;
}

struct payload *payload_bytes(const char *type, const char *content_type,
			      const void *data, size_t len)
{
	size_t a = strlen(type) + 1, b = strlen(content_type) + 1;
	struct payload *p = mem_zero(1, sizeof(*p) + a + b + len + 1);
	char *at = (char *)(p + 1);

	p->refs = 1;
	p->type = memcpy(at, type, a);
	p->content_type = memcpy(at + a, content_type, b);
	p->data = at + a + b;
	if (len)
		memcpy(p->data, data, len);
	p->len = len;
	return p;
}

struct payload *payload_json(const char *type, const char *text)
{
	return payload_bytes(type, PAYLOAD_JSON, text, strlen(text));
}

struct payload *payload_ref(struct payload *p)
{
	if (p)
		p->refs++;
	return p;
}

void payload_unref(struct payload *p)
{
	if (!p || --p->refs > 0)
		return;
	if (p->destroy)
		p->destroy(p->data);
	mem_free(p);
}

void *payload_get(const struct payload *p, const char *type)
{
	if (!p || p->content_type)
		return NULL;
	return p->type == type || str_equal(p->type, type) ? p->data : NULL;
}
