/* SPDX-License-Identifier: Apache-2.0 */
/* What a loaded component remembers of its file; see component_origin.h. */
#include "agentlib/core/component_origin.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <stdint.h>
#include <string.h>

const char *component_short_name(const char *provider)
{
	const char *dot = strrchr(provider, '.');

	return dot ? dot + 1 : provider;
}

void component_extra_add(struct buf *out, const struct json *member)
{
	_auto_free_ char *value = json_print(member);
	struct json_writer w;
	struct buf whole;

	/* all of it or nothing: half a member would break the dump */
	buf_init(&whole, SIZE_MAX);
	buf_putc(&whole, ',');
	jw_init(&w, &whole);
	jw_string(&w, json_key(member));
	buf_putc(&whole, ':');
	buf_puts(&whole, value);
	buf_add(out, whole.data, whole.len);
	buf_finish(&whole);
}

void component_origin_free(struct component_origin *o)
{
	if (!o)
		return;
	mem_free(o->type);
	mem_free(o->label);
	mem_free(o->description);
	mem_free(o->extra);
	mem_free(o->extra_config);
	mem_free(o);
}
