/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Families are AutoGen's words, so that dumps and states move
 * between the two. A row holds for all names that begin with it up to a
 * separator; the longest row wins.
 */
#include "agentlib/model/model_table.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>
#include <strings.h>

enum {
	VISION = 1,
	TOOLS = 2,
	JSON = 4,
	SCHEMA = 8,
	SYSTEMS = 16, /* several system messages */
	TEXT = TOOLS | JSON | SYSTEMS,
	FULL = VISION | TOOLS | JSON | SCHEMA | SYSTEMS,
	CLAUDE = VISION | TOOLS | SYSTEMS,
	GEMINI = VISION | TOOLS | JSON | SCHEMA,
	ASSUMED = TOOLS | JSON | SYSTEMS
};

static const struct {
	const char *name, *family;
	unsigned can;
} rows[] = {
	{ "gpt-5", "gpt-5", FULL },
	{ "gpt-4.5", "gpt-45", FULL },
	{ "gpt-4.1", "gpt-41", FULL },
	{ "gpt-4o", "gpt-4o", FULL },
	{ "gpt-4o-2024-05-13", "gpt-4o", FULL & ~SCHEMA },
	{ "gpt-4o-search-preview", "gpt-4o", FULL & ~VISION },
	{ "gpt-4o-mini-search-preview", "gpt-4o", FULL & ~VISION },
	{ "chatgpt-4o", "gpt-4o", FULL & ~TOOLS },
	{ "gpt-4-turbo", "gpt-4", FULL & ~SCHEMA },
	{ "gpt-4-turbo-preview", "gpt-4", TEXT },
	{ "gpt-4", "gpt-4", TEXT },
	{ "gpt-3.5", "gpt-35", TEXT },
	{ "o1", "o1", FULL & ~(VISION | JSON) },
	{ "o1-mini", "o1", SYSTEMS },
	{ "o3", "o3", FULL },
	{ "o3-mini", "o3", FULL & ~VISION },
	{ "o4", "o4", FULL },
	{ "gemini-1.5-flash", "gemini-1.5-flash", GEMINI },
	{ "gemini-1.5-pro", "gemini-1.5-pro", GEMINI },
	{ "gemini-2.0-flash", "gemini-2.0-flash", GEMINI },
	{ "gemini-2.5-flash", "gemini-2.5-flash", GEMINI },
	{ "gemini-2.5-pro", "gemini-2.5-pro", GEMINI },
	{ "claude-3-haiku", "claude-3-haiku", CLAUDE },
	{ "claude-3-sonnet", "claude-3-sonnet", CLAUDE },
	{ "claude-3-opus", "claude-3-opus", CLAUDE },
	{ "claude-3-5-haiku", "claude-3-5-haiku", CLAUDE },
	{ "claude-3-5-sonnet", "claude-3-5-sonnet", CLAUDE },
	{ "claude-3-7-sonnet", "claude-3-7-sonnet", CLAUDE },
	{ "claude-sonnet-4", "claude-4-sonnet", CLAUDE },
	{ "claude-4-sonnet", "claude-4-sonnet", CLAUDE },
	{ "claude-opus-4", "claude-4-opus", CLAUDE },
	{ "claude-4-opus", "claude-4-opus", CLAUDE },
	{ "Llama-3.3-8B", "llama-3.3-8b", TEXT },
	{ "Llama-3.3-70B", "llama-3.3-70b", TEXT },
	{ "Llama-4-Scout", "llama-4-scout", FULL },
	{ "Llama-4-Maverick", "llama-4-maverick", FULL },
};

static const struct model_vendor vendors[] = {
	{ "gemini-", "https://generativelanguage.googleapis.com/v1beta/openai",
	  "GEMINI_API_KEY" },
	{ "claude-", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY" },
	{ "Llama-", "https://api.llama.com/compat/v1", "LLAMA_API_KEY" },
	{ "", "https://api.openai.com/v1", "OPENAI_API_KEY" },
};

static bool row_matches(const char *row, const char *name)
{
	size_t len = strlen(row);

	return strncasecmp(name, row, len) == 0 &&
	       (name[len] == 0 || strchr("-:@.", name[len]));
}

static void fill(struct model_info *info, unsigned can, const char *family)
{
	memset(info, 0, sizeof(*info));
	info->vision = can & VISION;
	info->function_calling = can & TOOLS;
	info->json_output = can & JSON;
	info->structured_output = can & SCHEMA;
	info->multiple_system_messages = can & SYSTEMS;
	str_copy(info->family, sizeof(info->family), family);
}

bool model_table_info(const char *name, struct model_info *info)
{
	size_t best = ARRAY_LEN(rows), longest = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].name);

		if (len > longest && row_matches(rows[i].name, name)) {
			best = i;
			longest = len;
		}
	}
	if (best == ARRAY_LEN(rows)) {
		fill(info, ASSUMED, "unknown");
		return false;
	}
	fill(info, rows[best].can, rows[best].family);
	return true;
}

const char *model_table_assumed(void)
{
	return "text only, function calling, JSON mode, no structured output, "
	       "several system messages";
}

const struct model_vendor *model_table_vendor(const char *name)
{
	size_t i = 0;

	while (!str_starts(name, vendors[i].prefix))
		i++;
	return &vendors[i];
}
