/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the text. The words since the last punctuation are kept (the
 * latest few: a declaration has no more before its name) and compared with the
 * rules whenever one more is complete.
 */
#include "executor/spec/outline.h"

#include "executor/base/str.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WORDS_KEPT 8

struct word {
	const char *at;
	size_t len;
};

struct reader {
	const struct outline_rules *rules;
	struct outline *out;
	const char *at, *end;
	struct word words[WORDS_KEPT];
	size_t count;
	size_t depth; /* of braces */
	char scope[OUTLINE_NAME_MAX + 1];
	char first[OUTLINE_NAME_MAX + 1];   /* what could be started */
	char current[OUTLINE_NAME_MAX + 1]; /* the latest of these */
	char entry[OUTLINE_NAME_MAX + 1];   /* the one with the words */
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/* "com.example" is one word; so is what has letters beyond ASCII. */
static bool is_word_char(char c)
{
	return is_name_char(c) || c == '.' || (unsigned char)c >= 0x80;
}

/* The word that ends last before `end`; empty: there is none. */
static struct word word_before(const char *from, const char *end)
{
	const char *at;

	while (end > from && end[-1] == ' ')
		end--;
	for (at = end; at > from && at[-1] != ' ';)
		at--;
	return (struct word){ at, (size_t)(end - at) };
}

static bool same(const struct word *a, const struct word *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/*
 * Whether one alternative, words up to `end`, is found in the first `count`
 * words kept: in order, the last one last. Backwards, so that it is one pass.
 */
static bool fits(const struct reader *r, size_t count, const char *rule,
		 const char *end)
{
	struct word want = word_before(rule, end);

	if (!want.len || !count || !same(&want, &r->words[count - 1]))
		return false;
	while (want.len && count) {
		if (same(&want, &r->words[--count]))
			want = word_before(rule, want.at);
	}
	return !want.len;
}

static bool matches(const struct reader *r, size_t count, const char *rules)
{
	while (rules && *rules) {
		size_t len = strcspn(rules, "|");

		if (fits(r, count, rules, rules + len))
			return true;
		rules += len;
		rules += *rules == '|';
	}
	return false;
}

/* Keeps a name; false when the word is none. */
static bool take(char *dst, const struct word *w, bool dots)
{
	if (w->len > OUTLINE_NAME_MAX || (*w->at >= '0' && *w->at <= '9'))
		return false;
	for (size_t i = 0; i < w->len; i++)
		if (!is_name_char(w->at[i]) && !(dots && w->at[i] == '.'))
			return false;
	memcpy(dst, w->at, w->len);
	dst[w->len] = '\0';
	return true;
}

/* The last word kept is complete. */
static void on_word(struct reader *r)
{
	const struct outline_rules *rules = r->rules;
	const struct word *w = &r->words[r->count - 1];
	size_t before = r->count - 1;

	if (r->depth) {
		if (!*r->entry && *r->current &&
		    matches(r, r->count, rules->entry_has))
			str_copy(r->entry, sizeof(r->entry), r->current);
		return;
	}
	if (!*r->out->file && matches(r, before, rules->file))
		take(r->out->file, w, false);
	if (!*r->scope && matches(r, before, rules->scope))
		take(r->scope, w, true);
	if (matches(r, before, rules->entry) && take(r->current, w, false) &&
	    !*r->first)
		str_copy(r->first, sizeof(r->first), r->current);
}

static void read_word(struct reader *r)
{
	const char *from = r->at;

	while (r->at < r->end && is_word_char(*r->at))
		r->at++;
	if (r->count == WORDS_KEPT)
		memmove(r->words, r->words + 1,
			(--r->count) * sizeof(*r->words));
	r->words[r->count++] = (struct word){ from, (size_t)(r->at - from) };
	on_word(r);
}

static bool starts(const struct reader *r, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(r->end - r->at) >= len && memcmp(r->at, text, len) == 0;
}

/* To behind the next `text`, or to the end. */
static void skip_past(struct reader *r, const char *text)
{
	const char *found = memmem(r->at, (size_t)(r->end - r->at), text,
				   strlen(text));

	r->at = found ? found + strlen(text) : r->end;
}

/* A string or character: ends on its own line, whatever is missing. */
static void skip_quoted(struct reader *r)
{
	char quote = *r->at++;

	while (r->at < r->end && *r->at != quote && *r->at != '\n') {
		if (*r->at == '\\' && r->at + 1 < r->end)
			r->at++;
		r->at++;
	}
	if (r->at < r->end)
		r->at++;
}

/* Comments and strings. False when none begins here. */
static bool skip_apart(struct reader *r)
{
	if (starts(r, "//")) {
		skip_past(r, "\n");
	} else if (starts(r, "/*")) {
		r->at += 2;
		skip_past(r, "*/");
	} else if (starts(r, "\"\"\"")) {
		r->at += 3;
		skip_past(r, "\"\"\"");
		r->count = 0;
	} else if (*r->at == '"' || *r->at == '\'') {
		skip_quoted(r);
		r->count = 0;
	} else {
		return false;
	}
	return true;
}

static void read_mark(struct reader *r)
{
	char c = *r->at++;

	/* "@interface" and "non-sealed" end no declaration */
	if (strchr(" \t\r\n@-", c) && c)
		return;
	r->count = 0;
	if (c == '{')
		r->depth++;
	else if (c == '}' && r->depth)
		r->depth--;
}

void outline_read(struct outline *out, const struct outline_rules *rules,
		  const char *text, size_t len)
{
	struct reader r = {
		.rules = rules,
		.out = out,
		.at = text,
		.end = text + len,
	};
	const char *entry;

	*out = (struct outline){ 0 };
	while (r.at < r.end) {
		if (is_word_char(*r.at))
			read_word(&r);
		else if (!skip_apart(&r))
			read_mark(&r);
	}
	entry = *r.entry ? r.entry : r.first;
	if (*entry)
		snprintf(out->entry, sizeof(out->entry), "%s%s%s", r.scope,
			 *r.scope ? "." : "", entry);
}
