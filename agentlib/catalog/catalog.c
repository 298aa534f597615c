/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the floors' tables; see catalog.h. */
#include "agentlib/catalog/catalog.h"

#include "agentlib/agent/agent_classes.h"
#include "agentlib/catalog/not_run.h"
#include "agentlib/memory/memory_classes.h"
#include "agentlib/model/model_classes.h"
#include "agentlib/runner/runner_classes.h"
#include "agentlib/team/team_classes.h"
#include "agentlib/tool/tool_classes.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

const struct component_class *const *const catalog_floors[] = {
	model_classes, runner_classes, tool_classes,    memory_classes,
	agent_classes, team_classes,   not_run_classes, NULL,
};

/* One step of a pointer without its escapes; a copy. */
static char *unescape(const char *step, size_t len)
{
	char *out = mem_strndup(step, len), *to = out;

	for (const char *from = out; *from; from++) {
		if (from[0] == '~' && (from[1] == '0' || from[1] == '1'))
			*to++ = *++from == '0' ? '~' : '/';
		else
			*to++ = *from;
	}
	*to = '\0';
	return out;
}

static const struct json *element(const struct json *array, const char *index)
{
	const struct json *e = json_child(array);
	uint64_t n = 0;

	if (!str_equal(index, "0") &&
	    (*index == '0' || str_parse_uint(index, 1, 1000000, &n, NULL) < 0))
		return NULL;
	while (e && n--)
		e = json_next(e);
	return e;
}

const struct json *catalog_pointer(const struct json *root, const char *pointer,
				   struct err *err)
{
	const struct json *j = root;
	const char *at = pointer;

	while (*at == '/') {
		size_t len = strcspn(at + 1, "/");
		_auto_free_ char *step = unescape(at + 1, len);

		j = json_is(j, JSON_ARRAY) ? element(j, step)
					   : json_get(j, step);
		at += len + 1;
		if (!j)
			break;
	}
	if (j && *at == '\0')
		return j;
	err_set(err, ERR_NOT_FOUND, "nothing stands at \"%.*s\"",
		(int)(at - pointer), pointer);
	if (*pointer != '/')
		err_set(err, ERR_INVALID,
			"\"%.100s\" is no JSON Pointer: it "
			"must begin with /",
			pointer);
	err_field(err, "#%s", pointer);
	return NULL;
}

void *catalog_load(struct component_ctx *ctx, const struct json *root,
		   const char *pointer, unsigned types)
{
	struct err err = { 0 };
	const struct json *j = catalog_pointer(root, pointer, &err);

	str_copy(ctx->pointer, sizeof(ctx->pointer), pointer);
	if (!j) {
		component_fault(ctx, NULL, "%s", err.text);
		return NULL;
	}
	return component_load_any(ctx, j, NULL, types);
}
