/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only file that knows cJSON. The gate (json_scan.c) lets through what
 * cJSON reads rightly; numbers that a double cannot give back keep their text
 * in valuestring, which cJSON copies and frees with the node but does not use
 * for numbers. Trees are not built or changed here: JSON out is json_writer.
 */
#include "executor/base/json.h"

#include "executor/base/buf.h"
#include "executor/base/json_scan.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_DOUBLE 9007199254740992.0 /* 2^53 */

static const cJSON *node(const struct json *j)
{
	return (const cJSON *)j;
}

static const struct json *handle(const cJSON *n)
{
	return (const struct json *)n;
}

/* ---- parsing ---- */

struct walk {
	const struct json_scan *scan;
	const char *text;
	size_t numbers, kept; /* passed so far, in the text's order */
};

/*
 * Gives numbers their text; at most JSON_DEPTH_MAX levels deep. By cJSON's own
 * allocator, because cJSON frees it; false when that has no memory.
 */
static bool keep_numbers(struct walk *walk, cJSON *n)
{
	const struct json_scan *scan = walk->scan;

	for (; n && walk->kept < scan->count; n = n->next) {
		const struct json_lexeme *lexeme = &scan->numbers[walk->kept];

		if (!keep_numbers(walk, n->child))
			return false;
		if (!cJSON_IsNumber(n) || walk->numbers++ != lexeme->nth)
			continue;
		n->valuestring = cJSON_malloc(lexeme->len + 1);
		if (!n->valuestring)
			return false;
		memcpy(n->valuestring, walk->text + lexeme->at, lexeme->len);
		n->valuestring[lexeme->len] = '\0';
		walk->kept++;
	}
	return true;
}

static struct json *parse_scanned(const struct json_scan *scan,
				  const char *text, size_t len, struct err *err)
{
	struct walk walk = { .scan = scan, .text = text };
	cJSON *root = cJSON_ParseWithLengthOpts(text, len, NULL, 0);

	if (!root || !keep_numbers(&walk, root)) {
		err_set(err, ERR_INTERNAL,
			"cJSON cannot build what the scan has accepted");
		cJSON_Delete(root);
		return NULL;
	}
	return (struct json *)root;
}

struct json *json_parse(const char *text, size_t len, size_t max,
			struct err *err)
{
	_auto_free_ char *copy = NULL;
	struct json *root = NULL;
	struct json_scan scan;

	if (len > max) {
		err_set(err, ERR_TOO_LARGE,
			"JSON of %zu bytes, %zu are allowed", len, max);
		return NULL;
	}
	/* some editors begin a file with a byte-order mark */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	copy = mem_strndup(text, len);
	if (json_scan(&scan, copy, len, JSON_DEPTH_MAX, err) == 0)
		root = parse_scanned(&scan, copy, len, err);
	json_scan_finish(&scan);
	return root;
}

void json_destroy(struct json *root)
{
	cJSON_Delete((cJSON *)root);
}

void json_cleanup(struct json **root)
{
	json_destroy(*root);
}

struct json *json_copy(const struct json *j)
{
	cJSON *copy = cJSON_Duplicate(node(j), 1);

	/* a root has no name, whatever it was called where it came from */
	if (copy) {
		cJSON_free(copy->string);
		copy->string = NULL;
	}
	return (struct json *)copy;
}

/* ---- looking ---- */

enum json_type json_type(const struct json *j)
{
	const cJSON *n = node(j);

	if (cJSON_IsObject(n))
		return JSON_OBJECT;
	if (cJSON_IsArray(n))
		return JSON_ARRAY;
	if (cJSON_IsString(n))
		return JSON_STRING;
	if (cJSON_IsNumber(n))
		return JSON_NUMBER;
	return cJSON_IsBool(n) ? JSON_BOOL : JSON_NULL;
}

bool json_is(const struct json *j, enum json_type type)
{
	return json_type(j) == type;
}

const char *json_type_name(enum json_type t)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",     [JSON_BOOL] = "boolean",
		[JSON_NUMBER] = "number", [JSON_STRING] = "string",
		[JSON_ARRAY] = "array",   [JSON_OBJECT] = "object",
	};

	return (unsigned)t < ARRAY_LEN(names) ? names[t] : "unknown";
}

const struct json *json_get(const struct json *j, const char *key)
{
	const struct json *member;

	if (!json_is(j, JSON_OBJECT))
		return NULL;
	for (member = json_child(j); member; member = json_next(member))
		if (strcmp(json_key(member), key) == 0)
			return member;
	return NULL;
}

size_t json_count(const struct json *j)
{
	size_t count = 0;

	for (j = json_child(j); j; j = json_next(j))
		count++;
	return count;
}

const struct json *json_child(const struct json *j)
{
	return j ? handle(node(j)->child) : NULL;
}

const struct json *json_next(const struct json *sibling)
{
	return sibling ? handle(node(sibling)->next) : NULL;
}

const char *json_key(const struct json *member)
{
	return member ? node(member)->string : NULL;
}

/* ---- values ---- */

const char *json_string(const struct json *j)
{
	return json_is(j, JSON_STRING) ? node(j)->valuestring : NULL;
}

bool json_bool(const struct json *j, bool otherwise)
{
	return json_is(j, JSON_BOOL) ? cJSON_IsTrue(node(j)) : otherwise;
}

double json_number(const struct json *j, double otherwise)
{
	return json_is(j, JSON_NUMBER) ? node(j)->valuedouble : otherwise;
}

bool json_int(const struct json *j, int64_t *out)
{
	const char *text;
	double value;

	if (!json_is(j, JSON_NUMBER))
		return false;
	text = node(j)->valuestring;
	if (text && !strpbrk(text, ".eE")) {
		long long exact;

		errno = 0;
		exact = strtoll(text, NULL, 10);
		if (!errno)
			*out = exact;
		return !errno;
	}
	/* 1.0 and 1e3 are whole numbers, too */
	value = node(j)->valuedouble;
	if (value < -EXACT_DOUBLE || value > EXACT_DOUBLE ||
	    value != (double)(int64_t)value)
		return false;
	*out = (int64_t)value;
	return true;
}

/* ---- printing ---- */

/* At most JSON_DEPTH_MAX levels deep, as it was parsed. */
static void print(struct json_writer *w, const struct json *j)
{
	const struct json *child = json_child(j);

	switch (json_type(j)) {
	case JSON_OBJECT:
		jw_object(w);
		for (; child; child = json_next(child)) {
			jw_key(w, json_key(child));
			print(w, child);
		}
		jw_end_object(w);
		break;
	case JSON_ARRAY:
		jw_array(w);
		for (; child; child = json_next(child))
			print(w, child);
		jw_end_array(w);
		break;
	case JSON_STRING:
		jw_string(w, json_string(j));
		break;
	case JSON_NUMBER:
		if (node(j)->valuestring)
			jw_raw(w, node(j)->valuestring);
		else
			jw_number(w, node(j)->valuedouble);
		break;
	case JSON_BOOL:
		jw_bool(w, json_bool(j, false));
		break;
	case JSON_NULL:
		jw_null(w);
		break;
	}
}

char *json_print(const struct json *j)
{
	struct json_writer w;
	struct buf out;

	/* bounded by what json_parse() has let in */
	buf_init(&out, SIZE_MAX);
	jw_init(&w, &out);
	print(&w, j);
	return buf_take(&out);
}
