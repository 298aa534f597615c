/* SPDX-License-Identifier: Apache-2.0 */
/* Typed members of JSON objects; see field.h. */
#include "agentlib/core/field.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include <inttypes.h>
#include <stdio.h>

static int wrong_type(const struct json *got, const char *key,
		      const char *wanted, struct err *err)
{
	if (!got)
		err_set(err, ERR_INVALID, "\"%s\" is missing", key);
	else
		err_set(err, ERR_INVALID, "\"%s\" must be %s, not %s", key,
			wanted, json_type_name(json_type(got)));
	return err_field(err, "/%s", key);
}

int field_object(const struct json *obj, const char *what, struct err *err)
{
	if (json_is(obj, JSON_OBJECT))
		return 0;
	return err_set(err, ERR_INVALID, "%s must be an object, not %s", what,
		       json_type_name(json_type(obj)));
}

int field_string(const struct json *obj, const char *key, char **out,
		 struct err *err)
{
	const struct json *j = json_get(obj, key);

	if (!j || !json_is(j, JSON_STRING))
		return wrong_type(j, key, "a string", err);
	*out = mem_strdup(json_string(j));
	return 0;
}

int field_string_or_null(const struct json *obj, const char *key, char **out,
			 struct err *err)
{
	const struct json *j = json_get(obj, key);

	if (!json_is(j, JSON_NULL) && !json_is(j, JSON_STRING))
		return wrong_type(j, key, "a string or null", err);
	*out = mem_strdup(json_string(j));
	return 0;
}

int field_int(const struct json *obj, const char *key,
	      const struct field_range *range, int64_t *out, struct err *err)
{
	const struct json *j = json_get(obj, key);
	int64_t v = range->otherwise;

	if (json_is(j, JSON_NULL)) {
		*out = v;
		return 0;
	}
	if (!json_int(j, &v))
		return wrong_type(j, key, "an integer", err);
	if (v < range->min || v > range->max) {
		err_set(err, ERR_INVALID,
			"\"%s\" must be from %" PRId64 " to %" PRId64, key,
			range->min, range->max);
		return err_field(err, "/%s", key);
	}
	*out = v;
	return 0;
}

int field_array(const struct json *obj, const char *key,
		const struct json **out, struct err *err)
{
	const struct json *j = json_get(obj, key);

	if (json_is(j, JSON_NULL))
		j = NULL;
	else if (!json_is(j, JSON_ARRAY))
		return wrong_type(j, key, "an array", err);
	*out = j;
	return 0;
}

int field_below(struct err *err, const char *key)
{
	char below[sizeof(((struct err *)0)->field)];

	if (!err)
		return -ERR_INVALID;
	snprintf(below, sizeof(below), "%s", err->field);
	return err_field(err, "/%s%s", key, below);
}

int field_below_item(struct err *err, const char *key, size_t index)
{
	char step[64];

	snprintf(step, sizeof(step), "%s/%zu", key, index);
	return field_below(err, step);
}
