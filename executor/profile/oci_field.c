/* SPDX-License-Identifier: Apache-2.0 */
/* Looking members up, refusing what has another shape. Keeps nothing. */
#include "executor/profile/oci_field.h"

#include "executor/base/json.h"
#include "executor/base/str.h"

#include <string.h>

#define ERRNOS 256 /* more than any kernel's names */

int oci_field_at(const char *place, const char *key, struct err *err)
{
	return err_field(err, "%s%s%.32s", place, *key ? "/" : "", key);
}

static bool is_absent(const struct json *j)
{
	return json_is(j, JSON_NULL);
}

int oci_field_check(const char *place, const struct json *object,
		    const char *const *known, struct err *err)
{
	if (!json_is(object, JSON_OBJECT)) {
		err_set(err, ERR_INVALID, "this is no object");
		return oci_field_at(place, "", err);
	}
	for (const struct json *m = json_child(object); m; m = json_next(m)) {
		const char *key = json_key(m), *near;
		size_t i = 0;

		while (known[i] && !str_equal(known[i], key))
			i++;
		if (known[i])
			continue;
		err_set(err, ERR_UNKNOWN, "there is no such key");
		near = str_nearest(key, known);
		if (near)
			err_try(err, "%s", near);
		return oci_field_at(place, key, err);
	}
	return 0;
}

int oci_field_list(const char *place, const struct json *object,
		   const char *key, const struct json **out, struct err *err)
{
	const struct json *list = json_get(object, key);

	if (!is_absent(list) && !json_is(list, JSON_ARRAY)) {
		err_set(err, ERR_INVALID, "this is no list");
		return oci_field_at(place, key, err);
	}
	*out = is_absent(list) ? NULL : list;
	return 0;
}

int oci_field_words(const char *place, const struct json *object,
		    const char *key, const struct json **out, struct err *err)
{
	int rc = oci_field_list(place, object, key, out, err);
	size_t i = 0;

	if (rc < 0)
		return rc;
	for (const struct json *w = json_child(*out); w; w = json_next(w)) {
		if (!json_string(w)) {
			err_set(err, ERR_INVALID, "this is no string");
			return err_field(err, "%s/%s/%zu", place, key, i);
		}
		i++;
	}
	return 0;
}

int oci_field_number(const char *place, const struct json *object,
		     const char *key, uint64_t *out, struct err *err)
{
	const struct json *j = json_get(object, key);
	int64_t value;

	if (is_absent(j))
		return 0;
	if (!json_int(j, &value) || value < 0) {
		err_set(err, ERR_INVALID, "this is no integer from 0 to 2^63");
		return oci_field_at(place, key, err);
	}
	*out = (uint64_t)value;
	return 0;
}

int oci_field_errno(const char *place, const struct json *object,
		    const char *key, unsigned *out, struct err *err)
{
	const struct json *j = json_get(object, key);
	const char *name = json_string(j);

	if (is_absent(j) || (name && !*name))
		return 0;
	for (int e = 1; name && e < ERRNOS; e++)
		if (str_equal(strerrorname_np(e), name)) {
			*out = (unsigned)e;
			return 0;
		}
	err_set(err, ERR_INVALID, "this is no errno's name");
	return oci_field_at(place, key, err);
}
