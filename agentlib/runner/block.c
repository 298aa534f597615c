/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AutoGen's rules for command line executors, without what is wrong in them:
 * "#filename:" counts as well, a file in a folder that does not exist yet is
 * fine (the jail makes it), file suffixes are those of the language.
 */
#include "agentlib/runner/block.h"

#include "agentlib/runner/sha256.h"
#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <limits.h>
#include <string.h>
#include <strings.h>

#define WORKSPACE "/workspace"

struct block_language {
	const char *tag;  /* in the fence, any case */
	const char *name; /* the executor's */
	const char *suffix;
	const char *comment; /* before "filename:" */
	const char *pip;     /* install command at the start of a line */
};

static const struct block_language languages[] = {
	{ "python", "python", "py", "#", "! pip install" },
	{ "py", "python", "py", "#", "! pip install" },
	{ "python3", "python", "py", "#", "! pip install" },
	{ "bash", "bash", "sh", "#", "pip install" },
	{ "sh", "bash", "sh", "#", "pip install" },
	{ "shell", "bash", "sh", "#", "pip install" },
	{ "javascript", "javascript", "js", "//", NULL },
	{ "js", "javascript", "js", "//", NULL },
	{ "node", "javascript", "js", "//", NULL },
	{ "c", "c", "c", "//", NULL },
	{ "c++", "c++", "cpp", "//", NULL },
	{ "cpp", "c++", "cpp", "//", NULL },
	{ "cxx", "c++", "cpp", "//", NULL },
};

static const struct block_language *find_language(const char *tag)
{
	for (size_t i = 0; tag && i < ARRAY_LEN(languages); i++)
		if (strcasecmp(languages[i].tag, tag) == 0)
			return &languages[i];
	return NULL;
}

/* The text with line ends of Unix: programs come out of Markdown, and a shell
 * takes a carriage return as part of the command. */
static char *unix_lines(const char *code)
{
	char *copy = mem_strdup(code), *to = copy;

	for (const char *p = copy; *p; p++)
		if (p[0] != '\r' || p[1] != '\n')
			*to++ = *p;
	*to = '\0';
	return copy;
}

/* What stands after "# filename:" on the first line, trimmed; NULL if none. */
static char *named_file(const struct block_language *l, const char *code)
{
	const char *p = code + strspn(code, " \t");
	_auto_free_ char *text = NULL;
	char *name;

	if (str_starts(p, l->comment))
		p += strlen(l->comment);
	else if (*p == '#')
		p++; /* AutoGen's mark, whatever the language */
	else
		return NULL;
	p += strspn(p, " \t");
	if (!str_starts(p, "filename:"))
		return NULL;
	p += strlen("filename:");
	text = mem_strndup(p, strcspn(p, "\r\n"));
	name = str_trim(text);
	return *name ? mem_strdup(name) : NULL;
}

/* Drops the last part of `path`; false when there is none. */
static bool one_up(struct buf *path)
{
	size_t len = path->len;

	if (len == 0)
		return false;
	while (len > 0 && path->data[len - 1] != '/')
		len--;
	path->len = len > 0 ? len - 1 : 0;
	path->data[path->len] = '\0';
	return true;
}

/* One part of a name onto `path`; false when it is none or leads out. */
static bool add_part(struct buf *path, const char *part, size_t len)
{
	if (len == 0 || (len == 1 && part[0] == '.'))
		return true;
	if (len == 2 && part[0] == '.' && part[1] == '.')
		return one_up(path);
	if (len > NAME_MAX)
		return false;
	return (path->len == 0 || buf_putc(path, '/') == 0) &&
	       buf_add(path, part, len) == 0;
}

char *block_path(const char *name)
{
	struct buf path;
	bool ok = true;
	size_t len = strlen(name);

	/* A folder is no file name: "x/", "x/.", "x/..". */
	if (len == 0 || name[len - 1] == '/' || str_ends(name, "/.") ||
	    str_ends(name, "/..") || str_equal(name, ".") ||
	    !str_utf8_valid(name, len))
		return NULL;
	if (name[0] == '/') {
		if (!str_starts(name, WORKSPACE "/"))
			return NULL;
		name += strlen(WORKSPACE "/");
	}
	buf_init(&path, 1024);
	while (ok && *name) {
		size_t part = strcspn(name, "/");

		ok = add_part(&path, name, part);
		name += part + (name[part] == '/');
	}
	if (!ok || path.len == 0) {
		buf_finish(&path);
		return NULL;
	}
	return buf_take(&path);
}

/* Length of the install command at the start of `line`, blanks after "!" being
 * optional; 0 when it is not one. */
static size_t install_len(const char *line, size_t len, const char *pip)
{
	size_t at = 0;

	if (*pip == '!') {
		if (len == 0 || line[0] != '!')
			return 0;
		at = 1 + (len > 1 && line[1] == ' ');
		pip += 2;
	}
	if (len - at < strlen(pip) || memcmp(line + at, pip, strlen(pip)) != 0)
		return 0;
	return at + strlen(pip);
}

static bool line_has(const char *line, size_t len, const char *word)
{
	return memmem(line, len, word, strlen(word)) != NULL;
}

/* The code with " -qqq" after each install command that is not silent. */
static char *silent_pip(const char *code, const char *pip)
{
	struct buf out;

	if (!pip)
		return mem_strdup(code);
	buf_init(&out, 8 * strlen(code) + 16);
	while (*code) {
		size_t len = strcspn(code, "\n");
		size_t cut = install_len(code, len, pip);

		if (cut > 0 && !line_has(code, len, "-qqq")) {
			buf_add(&out, code, cut);
			buf_puts(&out, " -qqq");
		} else {
			cut = 0;
		}
		len += code[len] == '\n';
		buf_add(&out, code + cut, len - cut);
		code += len;
	}
	return buf_take(&out);
}

bool block_read(const struct code_block *b, struct block_program *out,
		char **refusal)
{
	const struct block_language *l = find_language(b->language);
	_auto_free_ char *name = NULL, *path = NULL, *code = NULL;
	char digest[SHA256_HEX_SIZE];

	if (!l) {
		*refusal = mem_printf("unknown language %s",
				      b->language ? b->language : "");
		return false;
	}
	code = unix_lines(b->code);
	name = named_file(l, code);
	if (name) {
		path = block_path(name);
		if (!path) {
			*refusal =
				mem_strdup("Filename is not in the workspace");
			return false;
		}
	}
	out->named = path != NULL;
	out->language = l->name;
	out->code = silent_pip(code, l->pip);
	if (path) {
		out->filename = mem_take(path);
	} else {
		sha256_hex(out->code, strlen(out->code), digest);
		out->filename = mem_printf("tmp_code_%s.%s", digest, l->suffix);
	}
	return true;
}

void block_finish(struct block_program *p)
{
	if (!p)
		return;
	mem_free(p->filename);
	mem_free(p->code);
	*p = (struct block_program){ 0 };
}
