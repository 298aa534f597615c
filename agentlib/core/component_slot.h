/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Looks inside the objects that components load to, by their type. */
#include "agentlib/core/component.h"

struct component_origin;
struct json_writer;

/* Where an object keeps its origin; NULL for types that keep none. */
struct component_origin **component_slot(enum component_type type,
					 void *object);

/* The provider that implements it. */
const char *component_slot_provider(enum component_type type,
				    const void *object);

/* Writes its config object. */
void component_slot_dump(enum component_type type, const void *object,
			 struct json_writer *w);
