/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Programs out of what a model wrote: fenced blocks of Markdown. Takes what
 * models really write (py, python3, text after the tag, CRLF, indented blocks,
 * ~~~ and longer fences), and is linear in the text. Does not run anything and
 * does not know what the executor can run.
 */
#include "agentlib/core/code_executor.h"
#include <stdbool.h>
#include <stddef.h>

struct fence_options {
	/* Tags that count, any case; "python" stands for py and python3 as
	 * well, and so on through the families of fences.c. */
	char *const *languages;
	size_t language_count;
	const char *untagged; /* language of a block without a tag; NULL: such
				 blocks are no programs */
};

struct fence_list {
	struct code_block *items;
	size_t count, cap;
};

/*
 * Appends the programs in text[0..len) to *out, in order. Line ends become LF,
 * the indentation of the fence goes. A block that is never closed is left out:
 * half a program should not run. A block in another language is passed over
 * whole, with whatever fences stand in it.
 */
void fences_parse(const char *text, size_t len, const struct fence_options *o,
		  struct fence_list *out);

/* Frees; a zeroed list is fine. */
void fence_list_finish(struct fence_list *l);

/* Whether `tag` is one of `languages` or of their families. */
bool fence_language(const struct fence_options *o, const char *tag, size_t len);
