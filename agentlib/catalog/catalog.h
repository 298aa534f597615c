/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The one table: every class that runs, every name of AutoGen's that does not,
 * with the reason. Stands above all floors, so that loaders know classes only
 * through the rows they are handed.
 */
#include "agentlib/core/component.h"

struct json;

/* For component_ctx.floors: arrays of rows, ended by NULL. */
extern const struct component_class *const *const catalog_floors[];

/* The built-in team, an assistant and a code executor, as component JSON. */
extern const char catalog_pair[];

/*
 * The node that a JSON Pointer ("" or "/a/0/b") names. NULL with *err saying
 * where it leads nowhere.
 */
const struct json *catalog_pointer(const struct json *root, const char *pointer,
				   struct err *err);

/*
 * Loads what stands at `pointer` of a file as one of `types` (COMPONENT_BIT()s)
 * with ctx->pointer set to it, so that faults have pointers of the whole file.
 * NULL with faults in ctx.
 */
void *catalog_load(struct component_ctx *ctx, const struct json *root,
		   const char *pointer, unsigned types);
