/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Reads the languages of SHARE/languages/NAME.conf. What a language is, and how
 * one is found, is spec/language.h.
 */
#include "executor/spec/language.h"

/* All languages, sorted by name; languages_finish() frees. -ERR_INVALID with
 * FILE:LINE as field when one does not read. */
int languages_load(struct languages *out, const char *share, struct err *err);

/*
 * The one language called `name` (name or alias) into *out; language_finish()
 * frees. Reads only NAME.conf when the name is a file's own. -ERR_UNKNOWN
 * names the known.
 */
int language_load(struct language *out, const char *share, const char *name,
		  struct err *err);

/* As profile_key_at(), for languages. */
bool language_key_at(size_t i, const char **section, const char **key);
