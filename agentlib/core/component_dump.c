/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a component back as AutoGen's dump_component() does, with what its
 * file said beyond what the class knows.
 */
#include "agentlib/core/component.h"

#include "agentlib/core/component_origin.h"
#include "agentlib/core/component_slot.h"
#include "executor/base/buf.h"
#include "executor/base/json_writer.h"

#define CONFIG_MAX (16 * 1024 * 1024)

/* `extra` is ,"key":value text; it goes before the closing brace of `object`,
 * without its comma when nothing stands there yet. */
static void splice(struct buf *object, const char *extra)
{
	if (!extra || object->len < 2)
		return;
	object->data[--object->len] = '\0';
	buf_puts(object, object->len == 1 ? extra + 1 : extra);
	buf_putc(object, '}');
}

static void write_config(enum component_type type, const void *object,
			 const struct component_origin *o,
			 struct json_writer *w)
{
	struct json_writer inner;
	struct buf config;

	buf_init(&config, CONFIG_MAX);
	jw_init(&inner, &config);
	component_slot_dump(type, object, &inner);
	if (o)
		splice(&config, o->extra_config);
	jw_key(w, "config");
	jw_raw(w, config.data);
	buf_finish(&config);
}

void component_dump(enum component_type type, const void *object,
		    struct json_writer *w)
{
	struct component_origin *const *slot = component_slot(type,
							      (void *)object);
	const struct component_origin *o = slot ? *slot : NULL;
	const char *provider = o ? o->cls->provider
				 : component_slot_provider(type, object);
	const char *label = o && o->label ? o->label
					  : component_short_name(provider);
	int version = o ? o->cls->version : 1;
	struct json_writer inner;
	struct buf whole;

	buf_init(&whole, CONFIG_MAX);
	jw_init(&inner, &whole);
	jw_object(&inner);
	jw_kstring(&inner, "provider", provider);
	jw_kstring(&inner, "component_type",
		   o && o->type ? o->type
				: component_type_name(o ? o->cls->type : type));
	/* AutoGen writes the class's version into both. */
	jw_kint(&inner, "version", version);
	jw_kint(&inner, "component_version", version);
	if (o && o->description)
		jw_kstring(&inner, "description", o->description);
	jw_kstring(&inner, "label", label);
	write_config(type, object, o, &inner);
	jw_end_object(&inner);
	if (o)
		splice(&whole, o->extra);
	jw_raw(w, whole.data);
	buf_finish(&whole);
}
