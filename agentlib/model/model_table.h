/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What is known of models by their names: family, abilities, and whose service
 * a name belongs to. A constant table; nothing is asked over the network.
 */
#include "agentlib/core/model.h"
#include <stdbool.h>

/*
 * Fills *info for a model's name; dated and suffixed names ("gpt-4o-2024-11-20")
 * count as what they begin with. False when the name is not known: *info then
 * holds the assumptions that model_table_assumed() puts in words.
 */
bool model_table_info(const char *name, struct model_info *info);

/* "text only, tools, JSON mode, …": what is assumed of unknown models. */
const char *model_table_assumed(void);

/* A service that speaks OpenAI's protocol for models named "gemini-…", …. */
struct model_vendor {
	const char *prefix;
	const char *base_url;
	const char *key_variable;
};

/* The vendor of a name; never NULL: OpenAI's own for all others. */
const struct model_vendor *model_table_vendor(const char *name);
