/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads command lines by rows and words their help. Does not print, does not
 * know what an option means, and leaves operands to the program.
 */
#include "executor/base/options.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAMES_MAX 64 /* rows that are looked through for a near name */
#define HELP_COLUMN 28

static const struct option_row *find_name(const struct option_row *rows,
					  const char *name, size_t len)
{
	for (; rows->name; rows++)
		if (strlen(rows->name) == len &&
		    memcmp(rows->name, name, len) == 0)
			return rows;
	return NULL;
}

static const struct option_row *find_letter(const struct option_row *rows,
					    char letter)
{
	for (; rows->name; rows++)
		if (rows->letter && rows->letter == letter)
			return rows;
	return NULL;
}

/* `arg` with its dashes, up to a "=". */
static int refuse_unknown(const struct option_row *rows, const char *arg,
			  struct err *err)
{
	const char *names[NAMES_MAX + 1] = { NULL };
	size_t len = strcspn(arg, "=");
	_auto_free_ char *word = mem_strndup(arg, len);
	const char *near;

	for (size_t i = 0; i < NAMES_MAX && rows[i].name; i++)
		names[i] = rows[i].name;
	near = str_nearest(word + strspn(word, "-"), names);
	err_set(err, ERR_UNKNOWN, "there is no such option");
	err_field(err, "%.64s", word);
	if (near)
		err_try(err, "--%s", near);
	return -ERR_UNKNOWN;
}

static int list_add(struct option_list *list, const char *value)
{
	list->items = mem_resize(list->items, list->count + 1,
				 sizeof(*list->items));
	list->items[list->count++] = value;
	return 0;
}

static int in_range(const struct option_row *row, uint64_t value, uint64_t min,
		    uint64_t max, struct err *err)
{
	const char *(*format)(uint64_t, char *, size_t) =
		row->kind == OPTION_SIZE ? str_format_size : str_format_time;
	char low[32], high[32];

	if (value >= min && value <= max)
		return 0;
	format(min, low, sizeof(low));
	format(max, high, sizeof(high));
	if (value < min)
		err_set(err, ERR_INVALID, "it is less than %s", low);
	else
		err_set(err, ERR_INVALID, "it is more than %s", high);
	if (max == UINT64_MAX)
		err_try(err, "%s or more", low);
	else
		err_try(err, "%s to %s", low, high);
	return -ERR_INVALID;
}

static int store_number(const struct option_row *row, void *at,
			const char *value, struct err *err)
{
	bool any = !row->min && !row->max;
	uint64_t min = any ? 1 : row->min, max = any ? UINT64_MAX : row->max;
	uint64_t number = 0;
	int rc;

	switch (row->kind) {
	case OPTION_UINT:
		rc = str_parse_uint(value, min, max, &number, err);
		break;
	case OPTION_MILLI:
		rc = str_parse_milli(value, min, max, &number, err);
		break;
	case OPTION_SIZE:
		rc = str_parse_size(value, &number, err);
		break;
	default:
		rc = str_parse_time(value, &number, err);
		break;
	}
	if (rc == 0 && (row->kind == OPTION_SIZE || row->kind == OPTION_TIME))
		rc = in_range(row, number, min, max, err);
	if (rc == 0)
		memcpy(at, &number, sizeof(number));
	return rc;
}

static int store(const struct option_row *row, void *target, const char *value,
		 struct err *err)
{
	void *at = (char *)target + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return 0;
	case OPTION_STRING:
		*(const char **)at = value;
		return 0;
	case OPTION_LIST:
		return list_add(at, value);
	default:
		return store_number(row, at, value, err);
	}
}

/* Reads the option at argv[*i] and, where it has one, its value. */
static int parse_one(const struct option_row *rows, void *target,
		     char *const *argv, int *i, struct err *err)
{
	const char *arg = argv[*i], *value = NULL;
	const struct option_row *row;
	int rc;

	if (arg[1] == '-') {
		size_t len = strcspn(arg + 2, "=");

		row = find_name(rows, arg + 2, len);
		if (arg[2 + len])
			value = arg + 2 + len + 1;
	} else {
		row = arg[2] ? NULL : find_letter(rows, arg[1]);
	}
	if (!row)
		return refuse_unknown(rows, arg, err);
	if (row->kind == OPTION_FLAG && value) {
		err_set(err, ERR_INVALID, "it takes no value");
		err_field(err, "--%s", row->name);
		return -ERR_INVALID;
	}
	if (row->kind != OPTION_FLAG && !value) {
		value = argv[*i + 1];
		if (!value) {
			err_set(err, ERR_INVALID, "it needs a value");
			err_try(err, "--%s %s", row->name, row->value);
			err_field(err, "--%s", row->name);
			return -ERR_INVALID;
		}
		++*i;
	}
	rc = store(row, target, value, err);
	if (rc < 0)
		err_field(err, "--%s", row->name);
	return rc;
}

int options_parse(const struct option_row *rows, void *target, int argc,
		  char *const *argv, int *operands, struct err *err)
{
	int i;

	for (i = 1; i < argc; i++) {
		int rc;

		/* a lone dash is an operand: standard input */
		if (argv[i][0] != '-' || !argv[i][1])
			break;
		if (str_equal(argv[i], "--")) {
			i++;
			break;
		}
		rc = parse_one(rows, target, argv, &i, err);
		if (rc < 0)
			return rc;
	}
	*operands = i < argc ? i : argc;
	return 0;
}

void options_help(const struct option_row *rows, struct buf *out)
{
	for (; rows->name; rows++) {
		char left[96];
		char letter[8] = "    ";
		int n;

		if (rows->letter)
			snprintf(letter, sizeof(letter), "-%c, ", rows->letter);
		n = snprintf(left, sizeof(left), "  %s--%s%s%s", letter,
			     rows->name, rows->value ? " " : "",
			     rows->value ? rows->value : "");
		if (n < HELP_COLUMN)
			buf_printf(out, "%-*s  ", HELP_COLUMN, left);
		else
			buf_printf(out, "%s\n%*s", left, HELP_COLUMN + 2, "");
		buf_printf(out, "%s%s\n", rows->help,
			   rows->kind == OPTION_LIST ? " (may repeat)" : "");
	}
}

void option_list_finish(struct option_list *l)
{
	if (!l)
		return;
	mem_free(l->items);
	*l = (struct option_list){ NULL, 0 };
}
