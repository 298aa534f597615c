/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream prints nothing of the message that follows a chunk, whosever it is;
 * here only the message that the chunks were of is left out.
 */
#include "agentlib/cmd/console.h"

#include "agentlib/cmd/say.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

#define TEXT_MAX (64u * 1024 * 1024)
#define RULE "----------"

void console_init(struct console *c)
{
	*c = (struct console){ .terminal = say_terminal(),
			       .colours = say_colours() };
	buf_init(&c->streamed, TEXT_MAX);
}

void console_finish(struct console *c)
{
	mem_free(c->source);
	mem_free(c->full_message_id);
	buf_finish(&c->streamed);
}

static int print(const struct console *c, const char *text, size_t len,
		 struct err *err)
{
	struct buf safe;
	int rc;

	if (!c->terminal)
		return say_out(text, len, err);
	buf_init(&safe, 3 * len + 1);
	say_safe(&safe, text, len);
	rc = say_out(safe.data, safe.len, err);
	buf_finish(&safe);
	return rc;
}

static int print_head(const struct console *c, const struct message *m,
		      struct err *err)
{
	_auto_free_ char *line = mem_printf(RULE " %s (%s) " RULE,
					    message_type_name(m->type),
					    m->source ? m->source : "");
	int rc = 0;

	if (c->colours)
		rc = say_out("\033[1;36m", 7, err);
	if (rc == 0)
		rc = print(c, line, strlen(line), err);
	if (rc == 0)
		rc = c->colours ? say_out("\033[0m\n", 5, err)
				: say_out("\n", 1, err);
	return rc;
}

/* Ends the line that chunks left open. */
static int end_stream(struct console *c, struct err *err)
{
	if (!c->streaming)
		return 0;
	c->streaming = false;
	return say_out("\n", 1, err);
}

/* What a following message of `source` need not say again. */
static void remember(struct console *c, const struct message *m,
		     const char *text)
{
	mem_free(c->source);
	mem_free(c->full_message_id);
	c->source = mem_strdup(m->source);
	c->full_message_id = mem_strdup(m->full_message_id);
	buf_clear(&c->streamed);
	buf_puts(&c->streamed, text);
}

void console_end(struct console *c)
{
	end_stream(c, NULL);
}

static int print_chunk(struct console *c, const struct message *m,
		       struct err *err)
{
	const char *text = m->content ? m->content : "";
	size_t len = strlen(text);
	int rc = 0;

	if (!c->streaming || !str_equal(c->source, m->source)) {
		rc = end_stream(c, err);
		if (rc == 0)
			rc = print_head(c, m, err);
		remember(c, m, "");
		c->streaming = true;
	}
	buf_add(&c->streamed, text, len);
	return rc == 0 ? print(c, text, len, err) : rc;
}

/* Whether what was printed last makes up this message: its chunks, or the event
 * whose output it repeats. */
static bool was_streamed(struct console *c, const struct message *m)
{
	bool same = c->source && str_equal(c->source, m->source) &&
		    (str_equal(c->full_message_id, m->id) ||
		     str_equal(c->streamed.data, m->content));

	if (same) {
		mem_free(c->source);
		c->source = NULL;
		buf_clear(&c->streamed);
	}
	return same;
}

static void add_files(const struct message *m, struct buf *text)
{
	char size[32];

	if (m->file_count == 0)
		return;
	if (text->len > 0 && text->data[text->len - 1] != '\n')
		buf_putc(text, '\n');
	buf_puts(text, "files:");
	for (size_t i = 0; i < m->file_count; i++)
		buf_printf(text, "%s %s (%s)", i ? "," : "", m->files[i].path,
			   str_format_size(m->files[i].size, size,
					   sizeof(size)));
}

static int print_message(struct console *c, const struct message *m,
			 struct err *err)
{
	struct buf text;
	int rc = end_stream(c, err);

	if (rc < 0 || was_streamed(c, m))
		return rc;
	rc = print_head(c, m, err);
	if (rc < 0)
		return rc;
	if (m->type == MESSAGE_CODE_EXECUTION && m->output)
		remember(c, m, m->output);
	buf_init(&text, TEXT_MAX);
	message_text(m, &text);
	add_files(m, &text);
	buf_putc(&text, '\n');
	rc = print(c, text.data, text.len, err);
	buf_finish(&text);
	return rc;
}

static int emit(void *arg, struct message *m, struct err *err)
{
	struct console *c = arg;

	switch (m->type) {
	case MESSAGE_CHUNK:
		return print_chunk(c, m, err);
	case MESSAGE_USER_INPUT: /* whoever asks prints the prompt */
		return 0;
	default:
		return print_message(c, m, err);
	}
}

struct sink console_sink(struct console *c)
{
	return (struct sink){ .emit = emit, .arg = c };
}
