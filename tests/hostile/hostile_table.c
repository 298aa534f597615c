/* SPDX-License-Identifier: Apache-2.0 */
/* Rows from text. A key that does not exist is an error: a misspelt check would
 * be a check that never fails. */
#include "tests/hostile/hostile_table.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/settings.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_MAX (1024 * 1024)
#define MOST_MS 600000

static const struct key_row {
	const char *name;
	bool many;
} keys[KEY_COUNT] = {
	[KEY_PROGRAM] = { "program", false },
	[KEY_COMMAND] = { "command", false },
	[KEY_OPTIONS] = { "options", false },
	[KEY_ARG] = { "arg", true },
	[KEY_EACH] = { "each", true },
	[KEY_INPUT] = { "input", false },
	[KEY_STATUS] = { "status", false },
	[KEY_EXIT] = { "exit", false },
	[KEY_CODE] = { "code", false },
	[KEY_FIELD] = { "field", false },
	[KEY_REASON] = { "reason", true },
	[KEY_PRINT] = { "print", true },
	[KEY_COMPLAIN] = { "complain", true },
	[KEY_NEVER] = { "never", true },
	[KEY_HELD] = { "held", false },
	[KEY_TRUNCATED] = { "truncated", false },
	[KEY_LEAST] = { "least", true },
	[KEY_MOST] = { "most", true },
	[KEY_FILES] = { "files", false },
	[KEY_COLLECTED] = { "collected", false },
	[KEY_DENIED] = { "denied", false },
	[KEY_HOST] = { "host", false },
	[KEY_NEEDS] = { "needs", false },
	[KEY_WHEN] = { "when", false },
	[KEY_TODO] = { "todo", false },
	[KEY_DO] = { "do", false },
	[KEY_DEADLINE] = { "deadline", false },
	[KEY_COVERED] = { "covered", false },
	[KEY_PLANT] = { "plant", false },
	[KEY_FAILS] = { "fails", false },
};

static struct hostile_row *row_of(struct hostile_table *t, const char *name,
				  struct err *err)
{
	struct hostile_row *last = t->count ? &t->rows[t->count - 1] : NULL;

	if (last && str_equal(last->name, name))
		return last;
	for (size_t i = 0; i < t->count; i++)
		if (str_equal(t->rows[i].name, name)) {
			err_set(err, ERR_CONFLICT, "[%s] stands twice", name);
			return NULL;
		}
	t->rows = mem_resize(t->rows, t->count + 1, sizeof(*t->rows));
	last = &t->rows[t->count++];
	memset(last, 0, sizeof(*last));
	last->name = mem_strdup(name);
	return last;
}

static int take_line(void *arg, const struct settings_line *l, struct err *err)
{
	struct hostile_row *row;
	struct hostile_values *v;
	int key = 0;

	while (key < KEY_COUNT && !str_equal(keys[key].name, l->key))
		key++;
	if (key == KEY_COUNT)
		return err_set(err, ERR_UNKNOWN, "there is no key \"%s\"",
			       l->key);
	row = row_of(arg, l->section, err);
	if (!row)
		return -ERR_CONFLICT;
	v = &row->values[key];
	if (v->count && !keys[key].many)
		return err_set(err, ERR_CONFLICT, "\"%s\" stands twice",
			       l->key);
	v->items = mem_resize(v->items, v->count + 1, sizeof(*v->items));
	v->items[v->count++] = mem_strdup(l->value);
	return 0;
}

int hostile_table_load(struct hostile_table *t, const char *path,
		       struct err *err)
{
	struct buf text;
	int rc;

	memset(t, 0, sizeof(*t));
	buf_init(&text, TABLE_MAX);
	rc = fd_slurp_path(AT_FDCWD, path, &text, err);
	if (rc >= 0)
		rc = settings_parse(path, text.data, text.len, take_line, t,
				    err);
	buf_finish(&text);
	return rc;
}

void hostile_table_finish(struct hostile_table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		for (int k = 0; k < KEY_COUNT; k++) {
			struct hostile_values *v = &t->rows[i].values[k];

			for (size_t j = 0; j < v->count; j++)
				mem_free(v->items[j]);
			mem_free(v->items);
		}
		mem_free(t->rows[i].name);
	}
	mem_free(t->rows);
}

const char *hostile_value(const struct hostile_row *r, enum hostile_key key)
{
	return r->values[key].count ? r->values[key].items[0] : NULL;
}

bool hostile_says(const struct hostile_row *r, enum hostile_key key,
		  const char *word)
{
	for (size_t i = 0; i < r->values[key].count; i++) {
		_auto_free_ char *copy = mem_strdup(r->values[key].items[i]);
		char *rest = copy, *w;

		while ((w = str_word(&rest)))
			if (str_equal(w, word))
				return true;
	}
	return false;
}

unsigned hostile_number(const struct hostile_row *r)
{
	unsigned long n = strtoul(r->name, NULL, 10);

	return n >= 1 && n <= 72 ? (unsigned)n : 0;
}

char *hostile_time(const char *text)
{
	uint64_t ms;

	if (tap_slow(1) == 1 || str_parse_time(text, &ms, NULL))
		return mem_strdup(text);
	ms *= tap_slow(1);
	return mem_printf("%ums", (unsigned)(ms < MOST_MS ? ms : MOST_MS));
}
