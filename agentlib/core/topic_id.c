/* SPDX-License-Identifier: Apache-2.0 */
/* Same form as agent ids with two more characters in the type. */
#include "agentlib/core/topic_id.h"

#include "agentlib/core/agent_id.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

int topic_type_check(const char *type, struct err *err)
{
	if (type && agent_word(type, "-.:="))
		return 0;
	return err_set(err, ERR_INVALID,
		       "topic type \"%s\" is not made of letters, digits, "
		       "\"_\", \"-\", \".\", \":\" and \"=\"",
		       type ? type : "");
}

int topic_id_check(const struct topic_id *t, struct err *err)
{
	if (!t->source)
		return err_set(err, ERR_INVALID, "a topic needs a source");
	return topic_type_check(t->type, err);
}

int topic_id_parse(const char *text, struct topic_id *out, char **memory,
		   struct err *err)
{
	const char *slash = strchr(text, '/');
	_auto_free_ char *copy = NULL;
	int rc;

	if (!slash)
		return err_set(err, ERR_INVALID,
			       "topic \"%s\" is not of the form type/source",
			       text);
	copy = mem_strdup(text);
	copy[slash - text] = '\0';
	rc = topic_type_check(copy, err);
	if (rc < 0)
		return rc;
	*memory = mem_take(copy);
	out->type = *memory;
	out->source = *memory + (slash - text) + 1;
	return 0;
}

char *topic_id_format(const struct topic_id *t)
{
	return mem_printf("%s/%s", t->type, t->source);
}

bool topic_id_equal(const struct topic_id *a, const struct topic_id *b)
{
	return str_equal(a->type, b->type) && str_equal(a->source, b->source);
}
