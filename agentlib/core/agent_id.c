/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Python's \w takes every letter of Unicode. Without its tables each valid
 * character beyond ASCII counts as one: more is taken than by AutoGen, never
 * less, so what AutoGen exported loads.
 */
#include "agentlib/core/agent_id.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <ctype.h>
#include <string.h>

bool agent_word(const char *s, const char *also)
{
	const char *c;

	for (c = s; *c; c++) {
		unsigned char u = (unsigned char)*c;

		if (u < 0x80 && !isalnum(u) && u != '_' && !strchr(also, u))
			return false;
	}
	return c > s && str_utf8_valid(s, (size_t)(c - s));
}

int agent_type_check(const char *type, struct err *err)
{
	if (type && agent_word(type, "-."))
		return 0;
	return err_set(err, ERR_INVALID,
		       "agent type \"%s\" is not made of letters, digits, "
		       "\"_\", \"-\" and \".\"",
		       type ? type : "");
}

int agent_id_check(const struct agent_id *id, struct err *err)
{
	if (!id->key)
		return err_set(err, ERR_INVALID, "an agent id needs a key");
	return agent_type_check(id->type, err);
}

int agent_id_parse(const char *text, struct agent_id *out, char **memory,
		   struct err *err)
{
	const char *slash = strchr(text, '/');
	_auto_free_ char *copy = NULL;
	int rc;

	if (!slash)
		return err_set(err, ERR_INVALID,
			       "agent id \"%s\" is not of the form type/key",
			       text);
	copy = mem_strdup(text);
	copy[slash - text] = '\0';
	rc = agent_type_check(copy, err);
	if (rc < 0)
		return rc;
	*memory = mem_take(copy);
	out->type = *memory;
	out->key = *memory + (slash - text) + 1;
	return 0;
}

char *agent_id_format(const struct agent_id *id)
{
	return mem_printf("%s/%s", id->type, id->key);
}

bool agent_id_equal(const struct agent_id *a, const struct agent_id *b)
{
	return str_equal(a->type, b->type) && str_equal(a->key, b->key);
}
