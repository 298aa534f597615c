/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fenced blocks, nearly as CommonMark has them. Two things are taken more
 * widely because models write them and AutoGen accepts them: a fence may open
 * after other text on its line when nothing but a known tag follows, and may
 * close at the end of a line of code when no line of its own closes it.
 *
 * Linear: the text is cut into lines once; a search for a closing line that
 * reaches the end is remembered per kind and length, and lengths beyond
 * LENGTH_MAX count as that, so each line is searched a bounded number of times.
 */
#include "agentlib/agent/fences.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LENGTH_MIN 3
#define LENGTH_MAX 8

/* What stands for what; a family is the first name of its row. */
static const char *const families[][6] = {
	{ "python", "py", "python3", NULL },
	{ "sh", "bash", "shell", NULL },
	{ "javascript", "js", "node", NULL },
	{ "c++", "cpp", "cxx", NULL },
};

struct parser {
	const char *text, *end;
	const struct fence_options *o;
	struct fence_list *out;
	/* Shortest fence of each kind known to have no closing line (mark) in
	 * the rest of the text. */
	size_t unclosed[2], uncut[2];
};

struct fence {
	char mark;     /* ` or ~ */
	size_t length; /* at most LENGTH_MAX */
	size_t indent;
	const char *tag;
	size_t tag_len;
	const char *body;
};

static bool same(const char *a, const char *tag, size_t len)
{
	return strlen(a) == len && strncasecmp(a, tag, len) == 0;
}

static const char *family(const char *tag, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		for (const char *const *f = families[i]; *f; f++)
			if (same(*f, tag, len))
				return families[i][0];
	return NULL;
}

bool fence_language(const struct fence_options *o, const char *tag, size_t len)
{
	const char *mine = family(tag, len);

	for (size_t i = 0; i < o->language_count; i++) {
		const char *l = o->languages[i];

		if (same(l, tag, len) || (mine && family(l, strlen(l)) == mine))
			return true;
	}
	return false;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The end of the line at `at`, without its LF; CR stays before it. */
static const char *line_end(const struct parser *p, const char *at)
{
	const char *lf = memchr(at, '\n', (size_t)(p->end - at));

	return lf ? lf : p->end;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && blank(*at))
		at++;
	return at;
}

static size_t run_length(const char *at, const char *end, char mark)
{
	size_t n = 0;

	while (at + n < end && at[n] == mark)
		n++;
	return n;
}

static size_t capped(size_t length)
{
	return length < LENGTH_MAX ? length : LENGTH_MAX;
}

/* Where the tag ends: "python", also in "python title=x", "python:main.py". */
static size_t tag_length(const char *at, const char *end)
{
	size_t n = 0;

	while (at + n < end && !strchr(" \t\r,:;{", at[n]))
		n++;
	return n;
}

/*
 * Whether a fence opens at `at`, a run of marks on a line that ends at `eol`.
 * `own_line`: nothing but blanks stands before it.
 */
static bool opens(const struct parser *p, const char *at, const char *eol,
		  bool own_line, struct fence *f)
{
	size_t run = run_length(at, eol, *at);
	const char *info = skip_blanks(at + run, eol);

	if (run < LENGTH_MIN)
		return false;
	/* Otherwise it is a word quoted in the line, as in ```a``` here. */
	if (*at == '`' && memchr(info, '`', (size_t)(eol - info)))
		return false;
	f->mark = *at;
	f->length = capped(run);
	f->tag = info;
	f->tag_len = tag_length(info, eol);
	f->body = eol < p->end ? eol + 1 : p->end;
	if (own_line)
		return true;
	info = skip_blanks(info + f->tag_len, eol);
	if (info < eol && *info == '\r')
		info++;
	return *at == '`' && f->tag_len > 0 && info == eol &&
	       fence_language(p->o, f->tag, f->tag_len);
}

/* Looks for an opening fence on the line [at, eol). */
static bool find_open(const struct parser *p, const char *at, const char *eol,
		      struct fence *f)
{
	const char *start = skip_blanks(at, eol), *c;

	f->indent = (size_t)(start - at);
	if (start == eol)
		return false;
	if ((*start == '`' || *start == '~') && opens(p, start, eol, true, f))
		return true;
	f->indent = 0;
	for (c = start; (c = memchr(c, '`', (size_t)(eol - c)));) {
		size_t run = run_length(c, eol, '`');

		if (run >= LENGTH_MIN && opens(p, c, eol, false, f))
			return true;
		c += run;
	}
	return false;
}

static bool closes(const struct parser *p, const char *at, const char *eol,
		   const struct fence *f)
{
	const char *start = skip_blanks(at, eol);
	size_t run = run_length(start, eol, f->mark);

	/* Deeper ones are text of the program. */
	if ((size_t)(start - at) > f->indent + 3 || run < f->length)
		return false;
	/* "```python" is text too; "``` and so on" is a model's way to close. */
	start += run;
	if (start == eol || *start == '\r')
		return true;
	if (!blank(*start))
		return ispunct((unsigned char)*start) && *start != '{' &&
		       *start != '_';
	start = skip_blanks(start, eol);
	return start == eol ||
	       !fence_language(p->o, start, tag_length(start, eol));
}

/* The line that closes `f`, or NULL. */
static const char *find_close(struct parser *p, const struct fence *f)
{
	size_t *none = &p->unclosed[f->mark == '~'];
	const char *at = f->body;

	if (f->length >= *none)
		return NULL;
	while (at < p->end) {
		const char *eol = line_end(p, at);

		if (closes(p, at, eol, f))
			return at;
		at = eol < p->end ? eol + 1 : p->end;
	}
	/* A later fence with more indent might still find one, indented as far;
	 * it then ends at find_cut(), which is the same place. */
	*none = f->length;
	return NULL;
}

/* Marks at the end of a line of the body, where no line of its own closes. */
static const char *find_cut(struct parser *p, const struct fence *f)
{
	size_t *none = &p->uncut[f->mark == '~'];
	const char *at = f->body;

	if (f->length >= *none)
		return NULL;
	while (at < p->end &&
	       (at = memchr(at, f->mark, (size_t)(p->end - at)))) {
		size_t run = run_length(at, p->end, f->mark);

		if (run >= f->length)
			return at;
		at += run;
	}
	*none = f->length;
	return NULL;
}

static char *copy_body(const struct parser *p, const struct fence *f,
		       const char *end)
{
	struct buf code;
	const char *at = f->body;

	buf_init(&code, (size_t)(end - at) + 1);
	while (at < end) {
		const char *eol = line_end(p, at), *stop;
		size_t skip = 0;

		if (eol > end)
			eol = end;
		while (skip < f->indent && at + skip < eol && blank(at[skip]))
			skip++;
		stop = eol > at + skip && eol < end && eol[-1] == '\r' ? eol - 1
								       : eol;
		buf_add(&code, at + skip, (size_t)(stop - at) - skip);
		if (eol < end)
			buf_putc(&code, '\n');
		at = eol + 1;
	}
	return buf_take(&code);
}

static void add_block(struct parser *p, const struct fence *f, const char *end)
{
	struct fence_list *l = p->out;
	bool tagged = f->tag_len > 0;

	if (tagged ? !fence_language(p->o, f->tag, f->tag_len)
		   : !p->o->untagged)
		return;
	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 4;
		l->items = mem_resize(l->items, l->cap, sizeof(*l->items));
	}
	l->items[l->count].code = copy_body(p, f, end);
	l->items[l->count++].language = tagged ? mem_strndup(f->tag, f->tag_len)
					       : mem_strdup(p->o->untagged);
}

/* Takes the block that `f` opens; where to go on. */
static const char *take_block(struct parser *p, const struct fence *f)
{
	const char *close = find_close(p, f), *next;

	if (close) {
		add_block(p, f, close);
		next = line_end(p, close);
		return next < p->end ? next + 1 : p->end;
	}
	if (f->tag_len > 0 && fence_language(p->o, f->tag, f->tag_len))
		close = find_cut(p, f);
	if (!close)
		return f->body;
	add_block(p, f, close);
	return close + run_length(close, p->end, f->mark);
}

void fences_parse(const char *text, size_t len, const struct fence_options *o,
		  struct fence_list *out)
{
	struct parser p = {
		.text = text,
		.end = text + len,
		.o = o,
		.out = out,
		.unclosed = { LENGTH_MAX + 1, LENGTH_MAX + 1 },
		.uncut = { LENGTH_MAX + 1, LENGTH_MAX + 1 },
	};
	const char *at = text;

	while (at < p.end) {
		const char *eol = line_end(&p, at);
		struct fence f;

		if (find_open(&p, at, eol, &f))
			at = take_block(&p, &f);
		else
			at = eol < p.end ? eol + 1 : p.end;
	}
}

void fence_list_finish(struct fence_list *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++) {
		mem_free(l->items[i].code);
		mem_free(l->items[i].language);
	}
	mem_free(l->items);
	*l = (struct fence_list){ 0 };
}
