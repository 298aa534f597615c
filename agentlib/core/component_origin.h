/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Where a component came from: the row it was loaded by and what its file said
 * beyond what the class knows, so that a dump gives it back. Hangs on the
 * object; an object made in code has none.
 */
#include <stddef.h>

struct buf;
struct component_class;
struct json;

struct component_origin {
	const struct component_class *cls;
	char *type;        /* component_type of the file; NULL: the class's */
	char *label;       /* NULL: the class name */
	char *description; /* NULL: none */
	/* Members the class does not know, as ,"key":value text; or NULL. */
	char *extra;        /* of the component object */
	char *extra_config; /* of its config */
};

/* The last part of "pkg.module.Class". */
const char *component_short_name(const char *provider);

/* Appends `member` as ,"key":value to the extra text in `out`; nothing of it when
 * that has no room. */
void component_extra_add(struct buf *out, const struct json *member);

/* NULL is fine. */
void component_origin_free(struct component_origin *o);
