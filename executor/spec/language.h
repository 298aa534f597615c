/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A language: how its source file is named, compiled and run. Plain data; what
 * reads it from sandbox-profiles/languages/ is profile/language_file.h. Adding
 * a language needs a file there and no code.
 */
#include "executor/base/err.h"
#include "executor/spec/limits.h"
#include "executor/spec/outline.h"
#include <stdbool.h>
#include <stddef.h>

#define LANGUAGE_ARGS_MAX 32
#define LANGUAGE_ENV_MAX 32
#define LANGUAGE_NAMES_MAX 16

/* In argv, {file}, {stem}, {entry}, {out} and {memory} are replaced by what
 * struct language_words says. */
struct language {
	char *name;                         /* "python" */
	char *summary;                      /* one line for lists; or NULL */
	char *aliases[LANGUAGE_NAMES_MAX];  /* "py", "python3"; NULL-ended */
	char *suffixes[LANGUAGE_NAMES_MAX]; /* ".py"; NULL-ended */
	char *file;                         /* "main.py" */
	char *crlf;                         /* "refuse", "accept"; or NULL */
	struct outline_rules outline;       /* how the text names its file */
	char *support_file; /* lies beside the source; or NULL … */
	char *support_text; /* … with this line in it */
	char *compile[LANGUAGE_ARGS_MAX]; /* NULL-ended; empty: none */
	/* What a compile step makes: a file, or with a final "/" all files
	 * below a folder; or NULL. */
	char *output;
	char *run[LANGUAGE_ARGS_MAX]; /* NULL-ended, absolute interpreter */
	char *env[LANGUAGE_ENV_MAX];  /* "K=V", NULL-ended; for the run */
	char *compile_env[LANGUAGE_ENV_MAX]; /* for the compile step */
	struct limits limits;                /* raised defaults, 0 = none */
	struct limits compile_limits;        /* of the compile step's box */
	char *package; /* Debian packages of the interpreter */
};

/* All languages below SHARE/languages, sorted by name. */
struct languages {
	struct language *items;
	size_t count;
};

/* Frees what a language holds, and a whole set; NULL is fine. */
void language_finish(struct language *l);
void languages_finish(struct languages *l);

/* By name or alias; NULL with ERR_UNKNOWN naming the known and the nearest. */
const struct language *language_find(const struct languages *l,
				     const char *name, struct err *err);

/* By a file's suffix, the longest that fits; NULL if none. */
const struct language *language_of_file(const struct languages *l,
					const char *file);

/*
 * The name of the file that holds `text`: as its outline says, in the folder
 * and with the suffix of `name`; where it says nothing, `name` (NULL: the
 * language's own). The caller frees by mem_free().
 */
char *language_file_name(const struct language *l, const char *name,
			 const struct outline *outline);

/* What the words in braces stand for. */
struct language_words {
	const char *file;  /* {file}; {stem} is it without its last suffix */
	const char *out;   /* {out}; or NULL */
	const char *entry; /* {entry}; "" or NULL: the stem, without folders */
	uint64_t memory_bytes; /* {memory}: the limit of the run */
};

/*
 * Copies `argv` (NULL-ended) with the words in braces replaced, and `args` (may
 * be NULL) after it. A name that begins with "-" becomes "./-…", so that no
 * interpreter takes it for an option. Returns a NULL-ended array; free it by
 * language_argv_free().
 */
char **language_argv(char *const *argv, const struct language_words *words,
		     const char *const *args);
void language_argv_free(char **argv);
