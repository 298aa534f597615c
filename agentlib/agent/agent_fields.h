/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Members that the configs of several agents have in common. */
#include "agentlib/core/component.h"
#include <stddef.h>

struct model_context;

/* The name: it must be there and be an identifier. "" after a fault. */
const char *agent_fields_name(struct component_ctx *ctx,
			      const struct json *config);

/* The optional model context; NULL when absent or faulty. */
struct model_context *agent_fields_context(struct component_ctx *ctx,
					   const struct json *config);

/*
 * An optional array of strings: copies in *items and *count, freed by
 * agent_fields_free(). False when it is absent or null.
 */
bool agent_fields_strings(struct component_ctx *ctx, const struct json *config,
			  const char *key, char ***items, size_t *count);
void agent_fields_free(char **items, size_t count); /* NULL is fine */

/* A fault for each element of an array that is not run yet ("tools"). */
void agent_fields_refuse(struct component_ctx *ctx, const struct json *config,
			 const char *key, const char *what);
