/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text form of languages. One row per key; unknown keys and bad values are
 * errors with FILE:LINE.
 */
#include "executor/profile/language_file.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/settings.h"
#include "executor/base/str.h"
#include "executor/profile/names.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024)

enum value_kind { VALUE_TEXT, VALUE_WORDS };

static const struct key_row {
	const char *section, *key;
	enum value_kind kind;
	size_t offset;
	size_t max; /* words, with the ending NULL */
} keys[] = {
#define TEXT(section, key, member)                                             \
	{                                                                      \
		section, key, VALUE_TEXT, offsetof(struct language, member), 0 \
	}
#define WORDS(section, key, member, max)                                       \
	{                                                                      \
		section, key, VALUE_WORDS, offsetof(struct language, member),  \
			max                                                    \
	}
	TEXT("language", "summary", summary),
	WORDS("language", "aliases", aliases, LANGUAGE_NAMES_MAX),
	WORDS("language", "suffixes", suffixes, LANGUAGE_NAMES_MAX),
	TEXT("language", "file", file),
	TEXT("language", "crlf", crlf),
	TEXT("language", "package", package),
	TEXT("outline", "file", outline.file),
	TEXT("outline", "entry", outline.entry),
	TEXT("outline", "entry_has", outline.entry_has),
	TEXT("outline", "scope", outline.scope),
	TEXT("support", "file", support_file),
	TEXT("support", "text", support_text),
	WORDS("run", "argv", run, LANGUAGE_ARGS_MAX),
	WORDS("compile", "argv", compile, LANGUAGE_ARGS_MAX),
	TEXT("compile", "output", output),
#undef TEXT
#undef WORDS
};

bool language_key_at(size_t i, const char **section, const char **key)
{
	if (i >= ARRAY_LEN(keys))
		return false;
	*section = keys[i].section;
	*key = keys[i].key;
	return true;
}

static int put_text(struct language *lang, const struct key_row *row,
		    const char *value, struct err *err)
{
	char **slot = (char **)((char *)lang + row->offset);

	if (*slot)
		return err_set(err, ERR_INVALID, "%s stands here twice",
			       row->key);
	if (!*value)
		return err_set(err, ERR_INVALID, "%s is empty", row->key);
	*slot = mem_strdup(value);
	return 0;
}

static int put_words(struct language *lang, const struct key_row *row,
		     const char *value, struct err *err)
{
	char **slot = (char **)((char *)lang + row->offset);
	_auto_free_ char *copy = mem_strdup(value);
	char *rest = copy, *word;
	size_t n = 0;

	if (*slot)
		return err_set(err, ERR_INVALID, "%s stands here twice",
			       row->key);
	while ((word = str_word(&rest))) {
		if (n + 1 == row->max)
			return err_set(err, ERR_TOO_LARGE,
				       "more than %zu words", row->max - 1);
		slot[n++] = mem_strdup(word);
	}
	if (!n)
		return err_set(err, ERR_INVALID, "%s is empty", row->key);
	return 0;
}

static int put_limit(struct limits *l, const struct settings_line *line,
		     struct err *err)
{
	const struct limit_row *row = limit_find(line->key);
	uint64_t value;
	int rc;

	if (!row)
		return err_set(err, ERR_UNKNOWN, "\"%.64s\" is not a limit",
			       line->key);
	rc = limit_parse(row, line->value, &value, err);
	if (rc >= 0)
		limit_put(l, row, value);
	return rc;
}

static int put_env(char **env, const struct settings_line *line,
		   struct err *err)
{
	size_t n = 0;

	if (!str_is_identifier(line->key))
		return err_set(err, ERR_INVALID,
			       "\"%.64s\" is not a variable's name", line->key);
	while (env[n])
		n++;
	if (n + 1 == LANGUAGE_ENV_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d variables",
			       LANGUAGE_ENV_MAX - 1);
	env[n] = mem_printf("%s=%s", line->key, line->value);
	return 0;
}

static int on_line(void *arg, const struct settings_line *l, struct err *err)
{
	struct language *lang = arg;

	if (!*l->section && str_equal(l->key, "version")) {
		if (str_equal(l->value, "1"))
			return 0;
		return err_set(err, ERR_INVALID,
			       "version %.16s is not known; this Coop reads 1",
			       l->value);
	}
	if (str_equal(l->section, "environment"))
		return put_env(lang->env, l, err);
	if (str_equal(l->section, "compile.environment"))
		return put_env(lang->compile_env, l, err);
	if (str_equal(l->section, "limits"))
		return put_limit(&lang->limits, l, err);
	if (str_equal(l->section, "compile.limits"))
		return put_limit(&lang->compile_limits, l, err);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!str_equal(keys[i].section, l->section) ||
		    !str_equal(keys[i].key, l->key))
			continue;
		if (keys[i].kind == VALUE_TEXT)
			return put_text(lang, &keys[i], l->value, err);
		return put_words(lang, &keys[i], l->value, err);
	}
	return err_set(err, ERR_UNKNOWN, "there is no key \"%.64s\" in [%.64s]",
		       l->key, l->section);
}

static bool is_plain_name(const char *name)
{
	return !strchr(name, '/') && !str_equal(name, "..");
}

/* Below the folder in which the compiler is started. */
static bool is_below(const char *path)
{
	return *path != '/' && !strstr(path, "..");
}

static int check_complete(const struct language *lang, const char *path,
			  struct err *err)
{
	const char *lacks = NULL;

	if (!lang->file || !is_plain_name(lang->file))
		lacks = "file, a plain name, in [language]";
	else if (!lang->run[0])
		lacks = "argv in [run]";
	else if (lang->compile[0] && (!lang->output || !is_below(lang->output)))
		lacks = "output, a relative path, in [compile]";
	else if (lang->crlf && !str_equal(lang->crlf, "refuse") &&
		 !str_equal(lang->crlf, "accept"))
		lacks = "accept or refuse as crlf in [language]";
	else if (lang->compile[0] && *lang->compile[0] != '/')
		lacks = "an absolute path of the compiler in [compile]";
	else if (!lang->support_file != !lang->support_text ||
		 (lang->support_file && !is_plain_name(lang->support_file)))
		lacks = "file, a plain name, and text in [support]";
	if (!lacks)
		return 0;
	err_set(err, ERR_INVALID, "the language lacks %s", lacks);
	return err_field(err, "%s", path);
}

static int read_language(struct language *out, const char *share,
			 const char *name, struct err *err)
{
	_auto_free_ char *path = mem_printf("%s/languages/%s.conf", share,
					    name);
	struct language lang = { .name = mem_strdup(name) };
	struct buf text;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = fd_slurp_path(AT_FDCWD, path, &text, err);
	if (rc >= 0)
		rc = settings_parse(path, text.data, text.len, on_line, &lang,
				    err);
	if (rc >= 0)
		rc = check_complete(&lang, path, err);
	buf_finish(&text);
	if (rc < 0)
		language_finish(&lang);
	else
		*out = lang;
	return rc;
}

int languages_load(struct languages *out, const char *share, struct err *err)
{
	char **names = names_list(share, "languages", ".conf", err);
	struct languages made = { 0 };
	int rc = 0;

	if (!names)
		return -ERR_SYSTEM;
	while (names[made.count])
		made.count++;
	made.items = mem_zero(made.count + 1, sizeof(*made.items));
	for (size_t i = 0; i < made.count && rc >= 0; i++)
		rc = read_language(&made.items[i], share, names[i], err);
	names_free(names);
	if (rc < 0)
		languages_finish(&made);
	else
		*out = made;
	return rc < 0 ? rc : 0;
}

/* Moves one language out of a set. */
static int pick(struct language *out, struct languages *all, const char *name,
		struct err *err)
{
	const struct language *found = language_find(all, name, err);
	struct language *slot;

	if (!found)
		return -ERR_UNKNOWN;
	slot = &all->items[found - all->items];
	*out = *slot;
	memset(slot, 0, sizeof(*slot));
	return 0;
}

int language_load(struct language *out, const char *share, const char *name,
		  struct err *err)
{
	_auto_free_ char *path = mem_printf("%s/languages/%s.conf", share,
					    name);
	struct languages all;
	int rc;

	if (names_valid(name) && access(path, F_OK) == 0)
		return read_language(out, share, name, err);
	rc = languages_load(&all, share, err);
	if (rc < 0)
		return rc;
	rc = pick(out, &all, name, err);
	languages_finish(&all);
	return rc;
}
