/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the line format of profiles, languages and configuration. Knows no
 * keys, keeps nothing, opens no file; inheritance and defaults are the callers'.
 */
#include "executor/base/settings.h"

#include "executor/base/str.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 4096

struct reader {
	struct settings_line line;
	char section[128];
	settings_fn *fn;
	void *arg;
};

/* A comment starts at a # that begins the line or follows a blank. */
static void cut_comment(char *s)
{
	for (char *at = s; (at = strchr(at, '#')); at++)
		if (at == s || at[-1] == ' ' || at[-1] == '\t') {
			*at = '\0';
			return;
		}
}

static bool is_name(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.+";

	return *s && !s[strspn(s, allowed)];
}

static int read_section(struct reader *r, char *s, struct err *err)
{
	size_t len = strlen(s);
	char *name;

	if (s[len - 1] != ']')
		return err_set(err, ERR_INVALID, "a section has no final ]");
	s[len - 1] = '\0';
	name = str_trim(s + 1);
	if (!is_name(name))
		return err_set(err, ERR_INVALID, "\"%.64s\" is no section name",
			       name);
	if (!str_copy(r->section, sizeof(r->section), name))
		return err_set(err, ERR_TOO_LARGE,
			       "the section name is too long");
	return 0;
}

static int read_pair(struct reader *r, char *s, struct err *err)
{
	char *equals = strchr(s, '=');

	if (!equals) {
		err_set(err, ERR_INVALID, "\"%.64s\" is no section and no key",
			s);
		err_try(err, "[section] or key = value");
		return -ERR_INVALID;
	}
	*equals = '\0';
	r->line.key = str_trim(s);
	r->line.value = str_trim(equals + 1);
	if (!is_name(r->line.key))
		return err_set(err, ERR_INVALID, "\"%.64s\" is no key",
			       r->line.key);
	return r->fn(r->arg, &r->line, err);
}

/* One line without its newline. */
static int read_line(struct reader *r, const char *text, size_t len,
		     struct err *err)
{
	char copy[LINE_SIZE + 1];
	char *s;

	if (len > LINE_SIZE)
		return err_set(err, ERR_TOO_LARGE, "the line is over %d bytes",
			       LINE_SIZE);
	if (memchr(text, '\0', len))
		return err_set(err, ERR_INVALID, "a NUL byte is no text");
	if (!str_utf8_valid(text, len))
		return err_set(err, ERR_INVALID, "the line is not UTF-8");
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	cut_comment(copy);
	s = str_trim(copy);
	if (!*s)
		return 0;
	return *s == '[' ? read_section(r, s, err) : read_pair(r, s, err);
}

int settings_parse(const char *file, const char *text, size_t len,
		   settings_fn *fn, void *arg, struct err *err)
{
	struct reader r = { .fn = fn, .arg = arg };

	r.line.file = file;
	r.line.section = r.section;
	/* an editor's byte-order mark is no text */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len;
		int rc;

		r.line.line++;
		rc = read_line(&r, text, line, err);
		if (rc < 0) {
			err_field(err, "%s:%u", file, r.line.line);
			return rc;
		}
		line += end != NULL;
		text += line;
		len -= line;
	}
	return 0;
}
