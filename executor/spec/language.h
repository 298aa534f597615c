/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A language: how its source file is named, compiled and run. Data of
 * sandbox-profiles/languages/NAME.conf; adding one needs no code.
 */
#include "executor/base/err.h"
#include "executor/spec/limits.h"
#include <stdbool.h>
#include <stddef.h>

#define LANGUAGE_ARGS_MAX 32
#define LANGUAGE_ENV_MAX 32
#define LANGUAGE_NAMES_MAX 16

/* In argv, "{file}" is the source's name, "{out}" the compiled program's. */
struct language {
	char *name;                         /* "python" */
	char *aliases[LANGUAGE_NAMES_MAX];  /* "py", "python3"; NULL-ended */
	char *suffixes[LANGUAGE_NAMES_MAX]; /* ".py"; NULL-ended */
	char *file;                         /* "main.py" */
	char *compile[LANGUAGE_ARGS_MAX];   /* NULL-ended; empty: none */
	char *output;                       /* file a compile step makes; or NULL */
	char *run[LANGUAGE_ARGS_MAX];       /* NULL-ended, absolute interpreter */
	char *env[LANGUAGE_ENV_MAX];        /* "K=V"; unbuffered output … */
	struct limits limits;               /* raised defaults, 0 = none */
	struct limits compile_limits;       /* 0 = design's (60 s, 1 GiB) */
	char *package;                      /* Debian package of the interpreter */
};

/* All languages below SHARE/languages, read once. */
struct languages {
	struct language *items;
	size_t count;
};

int languages_load(struct languages *out, const char *share, struct err *err);
void languages_finish(struct languages *l);

/* By name or alias; -> NULL with ERR_UNKNOWN naming the known and the nearest. */
const struct language *language_find(const struct languages *l,
				     const char *name, struct err *err);

/* By a file's suffix; NULL if none. */
const struct language *language_of_file(const struct languages *l,
					const char *file);
