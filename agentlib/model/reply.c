/* SPDX-License-Identifier: Apache-2.0 */
/* Reading leniently: what a model calls must be fit to be sent back. */
#include "agentlib/model/reply.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define NAME_MAX_LEN 64

char *reply_name(const char *name)
{
	char *copy = mem_strndup(name, strnlen(name, NAME_MAX_LEN));

	for (char *p = copy; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		      (*p >= '0' && *p <= '9') || *p == '_' || *p == '-'))
			*p = '_';
	return copy;
}

/* Splits "<think>…</think>answer"; only models whose family does it, or that
 * we do not know, are taken to mean it. */
static void split_thought(const struct model_info *info,
			  struct create_result *out)
{
	static const char open[] = "<think>", close[] = "</think>";
	char *start, *end, *rest;

	if (out->thought || !out->content ||
	    !(str_equal(info->family, "r1") ||
	      str_equal(info->family, "unknown")))
		return;
	start = out->content + strspn(out->content, " \t\r\n");
	if (!str_starts(start, open))
		return;
	start += strlen(open);
	end = strstr(start, close);
	if (!end)
		return;
	rest = mem_strdup(str_trim(end + strlen(close)));
	*end = 0;
	out->thought = mem_strdup(str_trim(start));
	mem_free(out->content);
	out->content = rest;
}

void reply_settle(const struct model_info *info, struct create_result *out)
{
	if (out->call_count > 0) {
		out->finish = FINISH_FUNCTION_CALLS;
		if (out->content && *out->content) {
			mem_free(out->thought);
			out->thought = mem_take(out->content);
		}
		mem_free(out->content);
		out->content = NULL;
		return;
	}
	if (!out->content)
		out->content = mem_strdup("");
	split_thought(info, out);
}

char *reply_arguments(const struct json *j)
{
	const char *text = json_string(j);

	if (text && *text)
		return mem_strdup(text);
	return json_is(j, JSON_OBJECT) ? json_print(j) : mem_strdup("{}");
}

int reply_check_calls(size_t count, struct err *err)
{
	if (count <= REPLY_CALLS_MAX)
		return 0;
	return err_set(err, ERR_TOO_LARGE,
		       "the model asks for %zu function calls at once; "
		       "%d is the most",
		       count, REPLY_CALLS_MAX);
}
