/* SPDX-License-Identifier: Apache-2.0 */
/* `coop languages`: what is known, and whether its interpreter is installed. */
#include "executor/cmd/verbs.h"

#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/cmd/list_options.h"
#include "executor/cmd/say.h"
#include "executor/profile/language_file.h"
#include "executor/run/places.h"

#include <stdio.h>
#include <unistd.h>

/* The program that must be there: the compiler, or the interpreter. */
static const char *needs(const struct language *l)
{
	return l->compile[0] ? l->compile[0] : l->run[0];
}

/* Both, where a compiled program has an interpreter, too. */
static bool installed(const struct language *l)
{
	return access(needs(l), X_OK) == 0 &&
	       (*l->run[0] != '/' || access(l->run[0], X_OK) == 0);
}

static void write_list(struct json_writer *w, const char *key,
		       char *const *words)
{
	jw_key(w, key);
	jw_array(w);
	for (; *words; words++)
		jw_string(w, *words);
	jw_end_array(w);
}

static void show_json(const struct languages *all)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 1024 * 1024);
	jw_init(&w, &out);
	jw_array(&w);
	for (size_t i = 0; i < all->count; i++) {
		const struct language *l = &all->items[i];

		jw_object(&w);
		jw_kstring(&w, "name", l->name);
		jw_kstring(&w, "summary", l->summary);
		write_list(&w, "aliases", l->aliases);
		write_list(&w, "suffixes", l->suffixes);
		jw_kbool(&w, "installed", installed(l));
		jw_kstring(&w, "needs", needs(l));
		jw_kstring(&w, "package", l->package);
		jw_kbool(&w, "compiled", l->compile[0] != NULL);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	buf_putc(&out, '\n');
	say_bytes(STDOUT_FILENO, out.data, out.len);
	buf_finish(&out);
}

static void show_text(const struct languages *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct language *l = &all->items[i];
		_auto_free_ char *suffixes = mem_strdup("");

		for (char *const *s = l->suffixes; *s; s++) {
			char *longer = mem_printf("%s%s ", suffixes, *s);

			mem_free(suffixes);
			suffixes = longer;
		}
		printf("%-12s %-22s ", l->name, suffixes);
		if (installed(l))
			printf("%s\n", needs(l));
		else
			printf("not installed: apt install %s\n",
			       l->package ? l->package : needs(l));
	}
}

int cmd_languages(int argc, char **argv)
{
	struct languages all;
	struct list_options o;
	struct err err = { 0 };
	_auto_free_ char *share = NULL;
	int status = list_options_parse(&o, argc, argv,
					"coop languages [--json]",
					"Lists the languages, their suffixes, "
					"and what runs them.");

	if (status >= 0)
		return status;
	share = places_share(o.share, &err);
	if (!share || languages_load(&all, share, &err) < 0)
		return say_err(&err, o.json);
	if (o.json)
		show_json(&all);
	else
		show_text(&all);
	languages_finish(&all);
	return 0;
}
