/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding a language by name, alias or suffix, and filling its argument lines.
 * Reads no files: profile/language_file.c does.
 */
#include "executor/spec/language.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void free_all(char **list)
{
	for (; *list; list++)
		mem_free(mem_take(*list));
}

void language_finish(struct language *l)
{
	if (!l)
		return;
	mem_free(l->name);
	mem_free(l->summary);
	mem_free(l->file);
	mem_free(l->crlf);
	mem_free(l->outline.file);
	mem_free(l->outline.entry);
	mem_free(l->outline.entry_has);
	mem_free(l->outline.scope);
	mem_free(l->support_file);
	mem_free(l->support_text);
	mem_free(l->output);
	mem_free(l->package);
	free_all(l->aliases);
	free_all(l->suffixes);
	free_all(l->compile);
	free_all(l->run);
	free_all(l->env);
	free_all(l->compile_env);
	memset(l, 0, sizeof(*l));
}

void languages_finish(struct languages *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		language_finish(&l->items[i]);
	mem_free(l->items);
	memset(l, 0, sizeof(*l));
}

static bool answers_to(const struct language *l, const char *name)
{
	if (str_equal(l->name, name))
		return true;
	for (char *const *a = l->aliases; *a; a++)
		if (str_equal(*a, name))
			return true;
	return false;
}

/* The known names as "bash, c, python", and the nearest to a wrong one. */
static int unknown(const struct languages *l, const char *name, struct err *err)
{
	const char **names = mem_zero(l->count * LANGUAGE_NAMES_MAX + 1,
				      sizeof(*names));
	char known[sizeof(err->remedy)] = "";
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++) {
		size_t at = strlen(known);

		names[n++] = l->items[i].name;
		for (char *const *a = l->items[i].aliases; *a; a++)
			names[n++] = *a;
		str_copy(known + at, sizeof(known) - at, i ? ", " : "");
		at = strlen(known);
		str_copy(known + at, sizeof(known) - at, l->items[i].name);
	}
	err_set(err, ERR_UNKNOWN, "\"%.64s\" is not a known language", name);
	near = str_nearest(name, names);
	if (near)
		err_try(err, "%s; known are %s", near, known);
	else
		err_try(err, "one of %s", known);
	mem_free(names);
	return err_field(err, "lang");
}

const struct language *language_find(const struct languages *l,
				     const char *name, struct err *err)
{
	for (size_t i = 0; i < l->count; i++)
		if (answers_to(&l->items[i], name))
			return &l->items[i];
	unknown(l, name, err);
	return NULL;
}

const struct language *language_of_file(const struct languages *l,
					const char *file)
{
	const struct language *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < l->count; i++) {
		for (char *const *s = l->items[i].suffixes; *s; s++) {
			if (!str_ends(file, *s) || strlen(*s) <= longest)
				continue;
			longest = strlen(*s);
			best = &l->items[i];
		}
	}
	return best;
}

/* The last part of a path. */
static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The last suffix of a path's last part, "" if it has none. */
static const char *suffix_of(const char *path)
{
	const char *base = base_of(path);
	const char *dot = strrchr(base, '.');

	return dot && dot > base ? dot : base + strlen(base);
}

char *language_file_name(const struct language *l, const char *name,
			 const struct outline *outline)
{
	if (!name)
		name = l->file;
	if (!*outline->file)
		return mem_strdup(name);
	return mem_printf("%.*s%s%s", (int)(base_of(name) - name), name,
			  outline->file, suffix_of(name));
}

/* One word in braces and what it stands for. */
struct filling {
	const char *word, *value;
};

/* One argument with the words in braces replaced wherever they stand. */
static char *fill(const char *arg, const struct filling *fillings)
{
	char *made = mem_strdup("");

	while (*arg) {
		const struct filling *f = fillings;
		char *longer;

		while (f->word && !str_starts(arg, f->word))
			f++;
		longer = f->word ? mem_printf("%s%s", made, f->value)
				 : mem_printf("%s%c", made, *arg);
		mem_free(made);
		made = longer;
		arg += f->word ? strlen(f->word) : 1;
	}
	return made;
}

char **language_argv(char *const *argv, const struct language_words *words,
		     const char *const *args)
{
	_auto_free_ char *file = mem_printf("%s%s",
					    *words->file == '-' ? "./" : "",
					    words->file);
	size_t stem_len = (size_t)(suffix_of(file) - file);
	_auto_free_ char *stem = mem_strndup(file, stem_len);
	const char *entry = words->entry;
	char memory[24];

	if (!entry || !*entry)
		entry = *base_of(stem) == '-' ? stem : base_of(stem);

	const struct filling fillings[] = {
		{ "{file}", file },
		{ "{stem}", stem },
		{ "{entry}", entry },
		{ "{out}", words->out ? words->out : "" },
		{ "{memory}", memory },
		{ 0 },
	};
	size_t count = 0, n = 0;
	char **made;

	snprintf(memory, sizeof(memory), "%" PRIu64, words->memory_bytes);
	while (argv[count])
		count++;
	while (args && args[n])
		n++;
	made = mem_zero(count + n + 1, sizeof(*made));
	for (size_t i = 0; i < count; i++)
		made[i] = fill(argv[i], fillings);
	for (size_t i = 0; i < n; i++)
		made[count + i] = mem_strdup(args[i]);
	return made;
}

void language_argv_free(char **argv)
{
	if (!argv)
		return;
	for (char **p = argv; *p; p++)
		mem_free(*p);
	mem_free(argv);
}
