/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line format: every line handed over is clean text in order, writing it
 * out again reads as the same lines, every error names its line.
 */
#include "executor/base/settings.h"

#include "executor/base/buf.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct buf out;    /* the lines, written out again */
	char section[256]; /* of the last line */
	unsigned line;     /* its number */
	size_t lines, stop_at;
};

static const char names[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+";

static bool is_name(const char *s)
{
	return *s && strspn(s, names) == strlen(s);
}

static int on_line(void *arg, const struct settings_line *l, struct err *err)
{
	struct reading *r = arg;
	const char *v = l->value;

	FUZZ_SAME(l->file, "f.conf");
	FUZZ_CHECK(l->line > r->line);
	FUZZ_CHECK(is_name(l->key) && (!*l->section || is_name(l->section)));
	FUZZ_CHECK(str_utf8_valid(v, strlen(v)) && !strchr(v, '\n'));
	FUZZ_CHECK(!*v || (!strchr(" \t\r\v\f", *v) &&
			   !strchr(" \t\r\v\f", v[strlen(v) - 1])));
	FUZZ_CHECK(!strstr(v, " #") && !strstr(v, "\t#"));
	r->line = l->line;
	if (++r->lines == r->stop_at)
		return err_set(err, ERR_CONFLICT, "enough");
	if (!str_equal(r->section, l->section))
		buf_printf(&r->out, "[%s]\n", l->section);
	snprintf(r->section, sizeof(r->section), "%s", l->section);
	buf_printf(&r->out, "%s=%s\n", l->key, v);
	return 0;
}

static int parse(struct reading *r, const char *text, size_t len,
		 struct err *err)
{
	buf_init(&r->out, 1 << 20);
	return settings_parse("f.conf", text, len, on_line, r, err);
}

static void check_error(const struct reading *r, const struct err *err)
{
	unsigned line = 0;

	fuzz_check_err(err);
	FUZZ_CHECK(sscanf(err->field, "f.conf:%u", &line) == 1);
	FUZZ_CHECK(line >= r->line && line > 0);
	FUZZ_CHECK((err->code == ERR_CONFLICT) ==
		   (r->stop_at && r->lines == r->stop_at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_dice dice = fuzz_dice(data, size);
	char *text = fuzz_copy(data, size);
	struct reading first = { .stop_at = 0 }, second = { .stop_at = 0 };
	struct err err = { 0 };

	if (fuzz_throw(&dice, 7) == 0)
		first.stop_at = 1 + fuzz_throw(&dice, 3);
	if (parse(&first, text, size, &err) < 0) {
		check_error(&first, &err);
	} else {
		FUZZ_CHECK(parse(&second, first.out.data, first.out.len,
				 NULL) == 0);
		FUZZ_SAME(second.out.data, first.out.data);
		FUZZ_CHECK(second.lines == first.lines);
		buf_finish(&second.out);
	}
	buf_finish(&first.out);
	free(text);
	return 0;
}
