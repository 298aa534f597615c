/* SPDX-License-Identifier: Apache-2.0 */
/* Each line is written by one call, so that readers never see half of one. */
#include "agentlib/cmd/ndjson.h"

#include "agentlib/cmd/say.h"
#include "executor/base/buf.h"
#include "executor/base/json_writer.h"

#define LINE_MAX_BYTES (256u * 1024 * 1024)

static int write_line(struct buf *line, struct err *err)
{
	int rc;

	buf_putc(line, '\n');
	rc = line->overflow ? err_set(err, ERR_TOO_LARGE,
				      "a message is larger than %u MiB",
				      LINE_MAX_BYTES >> 20)
			    : say_out(line->data, line->len, err);
	buf_finish(line);
	return rc;
}

static int emit(void *arg, struct message *m, struct err *err)
{
	struct json_writer w;
	struct buf line;

	(void)arg;
	buf_init(&line, LINE_MAX_BYTES);
	jw_init(&w, &line);
	message_write(m, &w);
	return write_line(&line, err);
}

struct sink ndjson_sink(void)
{
	return (struct sink){ .emit = emit };
}

void ndjson_notice(const char *pointer, const char *text)
{
	struct json_writer w;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	jw_init(&w, &line);
	jw_object(&w);
	jw_kstring(&w, "type", "Notice");
	jw_kstring(&w, "pointer", pointer);
	jw_kstring(&w, "text", text);
	jw_end_object(&w);
	write_line(&line, NULL);
}

static void write_usage(const struct task_result *r, struct json_writer *w)
{
	struct usage sum = { 0 };

	for (size_t i = 0; i < r->messages.count; i++) {
		const struct message *m = r->messages.items[i];

		if (!m->has_usage)
			continue;
		sum.prompt_tokens += m->usage.prompt_tokens;
		sum.completion_tokens += m->usage.completion_tokens;
	}
	jw_key(w, "usage");
	jw_object(w);
	jw_kint(w, "prompt_tokens", sum.prompt_tokens);
	jw_kint(w, "completion_tokens", sum.completion_tokens);
	jw_end_object(w);
}

static void write_error(const struct err *e, struct json_writer *w)
{
	jw_key(w, "error");
	if (!e) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_kstring(w, "code", err_name(e->code));
	jw_kstring(w, "field", *e->field ? e->field : NULL);
	jw_kstring(w, "message", e->text);
	jw_kstring(w, "try", *e->remedy ? e->remedy : NULL);
	jw_end_object(w);
}

int ndjson_result(const struct task_result *r, const struct err *failure,
		  struct err *err)
{
	struct json_writer w;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	jw_init(&w, &line);
	jw_object(&w);
	jw_kstring(&w, "type", "TaskResult");
	jw_kstring(&w, "stop_reason", r->stop_reason);
	jw_kuint(&w, "messages", r->messages.count);
	write_usage(r, &w);
	write_error(failure, &w);
	jw_end_object(&w);
	return write_line(&line, err);
}
