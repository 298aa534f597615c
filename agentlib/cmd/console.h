/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A run on the terminal as AutoGen's Console shows it: a line of dashes with
 * type and source, then the text; chunks as they come, and what came in chunks
 * is not printed twice.
 */
#include "agentlib/core/task.h"
#include "executor/base/buf.h"
#include <stdbool.h>

struct console {
	bool terminal, colours;
	bool streaming;        /* the last thing printed was a chunk */
	char *source;          /* of the chunks; NULL: none */
	char *full_message_id; /* of their message; or NULL */
	struct buf streamed;   /* their text */
};

/* Prints to standard output; end with console_finish(). */
void console_init(struct console *c);
void console_finish(struct console *c);

/* Ends a line that chunks left open. */
void console_end(struct console *c);

/* Its sink; borrowed from it. */
struct sink console_sink(struct console *c);
