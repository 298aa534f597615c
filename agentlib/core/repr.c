/* SPDX-License-Identifier: Apache-2.0 */
/* Python's repr() for the few types of AutoGen's texts. */
#include "agentlib/core/repr.h"

#include "agentlib/core/llm.h"
#include "executor/base/buf.h"
#include <string.h>

static void repr_char(struct buf *out, unsigned char c, char quote)
{
	switch (c) {
	case '\n':
		buf_puts(out, "\\n");
		return;
	case '\r':
		buf_puts(out, "\\r");
		return;
	case '\t':
		buf_puts(out, "\\t");
		return;
	case '\\':
		buf_puts(out, "\\\\");
		return;
	default:
		break;
	}
	if (c == (unsigned char)quote)
		buf_printf(out, "\\%c", c);
	else if (c < 0x20 || c == 0x7f)
		buf_printf(out, "\\x%02x", c);
	else
		buf_putc(out, (char)c);
}

void repr_string(struct buf *out, const char *s)
{
	char quote;

	if (!s) {
		buf_puts(out, "None");
		return;
	}
	quote = strchr(s, '\'') && !strchr(s, '"') ? '"' : '\'';
	buf_putc(out, quote);
	for (; *s; s++)
		repr_char(out, (unsigned char)*s, quote);
	buf_putc(out, quote);
}

void repr_strings(struct buf *out, char *const *items, size_t count)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_puts(out, ", ");
		repr_string(out, items[i]);
	}
	buf_putc(out, ']');
}

void repr_calls(struct buf *out, const struct function_call *calls,
		size_t count)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < count; i++) {
		buf_puts(out, i ? ", FunctionCall(id=" : "FunctionCall(id=");
		repr_string(out, calls[i].id);
		buf_puts(out, ", arguments=");
		repr_string(out, calls[i].arguments);
		buf_puts(out, ", name=");
		repr_string(out, calls[i].name);
		buf_putc(out, ')');
	}
	buf_putc(out, ']');
}

void repr_results(struct buf *out, const struct function_result *results,
		  size_t count)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < count; i++) {
		buf_puts(out, i ? ", " : "");
		buf_puts(out, "FunctionExecutionResult(content=");
		repr_string(out, results[i].content);
		buf_puts(out, ", name=");
		repr_string(out, results[i].name);
		buf_puts(out, ", call_id=");
		repr_string(out, results[i].call_id);
		buf_printf(out, ", is_error=%s)",
			   results[i].is_error ? "True" : "False");
	}
	buf_putc(out, ']');
}
