/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of one run as text; the jail's own part is the backend's. */
#include "executor/run/describe.h"

#include "executor/base/buf.h"
#include "executor/base/str.h"
#include "executor/profile/profile.h"
#include "executor/run/run_box.h"
#include "executor/run/environ.h"
#include "executor/run/request.h"

#include <string.h>

#define TEXT_MAX (4 * 1024 * 1024)

/* Words as a shell would read them back. */
static void add_word(struct buf *out, const char *word)
{
	if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_-+./:=@%,")]) {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	buf_putc(out, '\'');
}

static void add_words(struct buf *out, const char *name, char *const *words)
{
	buf_puts(out, name);
	for (; *words; words++) {
		buf_putc(out, ' ');
		add_word(out, *words);
	}
	buf_putc(out, '\n');
}

static void add_files(struct buf *out, const struct put_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		buf_puts(out, "  put ");
		add_word(out, list->items[i].path);
		buf_printf(out, " mode=%04o (%llu bytes)\n",
			   list->items[i].mode,
			   (unsigned long long)list->items[i].size);
	}
}

static void add_limits(struct buf *out, const struct limits *l)
{
	char text[32];

	buf_puts(out, "limits\n");
	for (const struct limit_row *row = limit_rows; row->name; row++)
		buf_printf(out, "  %s %s\n", row->name,
			   limit_format(row, limit_get(l, row), text,
					sizeof(text)));
}

/* The lines of the profile, as it writes them. */
static void add_network(struct buf *out, const struct network *n)
{
	struct buf text;
	char *rest, *line;

	buf_init(&text, TEXT_MAX);
	network_format(n, &text);
	buf_puts(out, "network\n");
	rest = text.data;
	while ((line = strsep(&rest, "\n")))
		if (*line && (n->open || str_starts(line, "mode")))
			buf_printf(out, "  %s\n", line);
	buf_finish(&text);
}

static void add_env(struct buf *out, const struct profile *p,
		    const struct request *req)
{
	char **env = environ_make(p,
				  req->has_language ? req->language.env : NULL,
				  req->env);

	buf_puts(out, "environment\n");
	for (char **e = env; *e; e++) {
		buf_puts(out, "  ");
		add_word(out, *e);
		buf_putc(out, '\n');
	}
	environ_free(env);
}

char *describe_run(const struct run_box_options *o, const struct request *req,
		   struct err *err)
{
	struct buf out;
	int rc;

	buf_init(&out, TEXT_MAX);
	buf_printf(&out, "backend %s\nprofile %s\n", o->backend->name,
		   o->profile->name);
	if (req->has_language)
		buf_printf(&out, "language %s\n", req->language.name);
	if (req->compile_argv)
		add_words(&out, "compile", req->compile_argv);
	add_words(&out, "program", req->argv);
	if (req->sources.count || req->files.count)
		buf_puts(&out, "files\n");
	add_files(&out, &req->sources);
	add_files(&out, &req->files);
	add_env(&out, o->profile, req);
	add_limits(&out, &o->limits);
	add_network(&out, &o->profile->network);
	rc = o->backend->plan(&out, o->profile, &o->limits, o->tier, err);
	if (rc < 0) {
		buf_finish(&out);
		return NULL;
	}
	return buf_take(&out);
}
