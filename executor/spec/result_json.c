/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result's one JSON form, the same for the command line, the library and
 * HTTP. Written straight into a buf: reading JSON is not needed to report.
 */
#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/str.h"
#include "executor/spec/result.h"

static void number_or_null(struct json_writer *w, const char *key, double v)
{
	jw_key(w, key);
	if (v < 0)
		jw_null(w);
	else
		jw_number(w, (double)(int64_t)(v * 1000 + 0.5) / 1000);
}

static void count_or_null(struct json_writer *w, const char *key, int64_t v)
{
	jw_key(w, key);
	if (v < 0)
		jw_null(w);
	else
		jw_int(w, v);
}

static void text_or_null(struct json_writer *w, const char *key, const char *s)
{
	jw_kstring(w, key, *s ? s : NULL);
}

static void format_output(struct json_writer *w, const struct result *r)
{
	jw_key(w, "stdout");
	jw_string_n(w, r->stdout_data ? r->stdout_data : "", r->stdout_len);
	jw_key(w, "stderr");
	jw_string_n(w, r->stderr_data ? r->stderr_data : "", r->stderr_len);
	jw_kbool(w, "stdout_truncated", r->stdout_truncated);
	jw_kbool(w, "stderr_truncated", r->stderr_truncated);
}

static void base64_add(struct buf *out, const unsigned char *p, size_t len)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;
		char four[4];

		if (i + 1 < len)
			v |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < len)
			v |= p[i + 2];
		four[0] = set[v >> 18];
		four[1] = set[v >> 12 & 63];
		four[2] = i + 1 < len ? set[v >> 6 & 63] : '=';
		four[3] = i + 2 < len ? set[v & 63] : '=';
		buf_add(out, four, sizeof(four));
	}
}

/* Text as "content"; what is not UTF-8 as "content_base64". */
static void format_content(struct json_writer *w, const struct result_file *f)
{
	if (!f->content)
		return;
	if (str_utf8_valid(f->content, f->content_len)) {
		jw_key(w, "content");
		jw_string_n(w, f->content, f->content_len);
		return;
	}
	jw_key(w, "content_base64");
	jw_raw(w, "\"");
	base64_add(w->out, (const unsigned char *)f->content, f->content_len);
	buf_putc(w->out, '"');
}

static void format_files(struct json_writer *w, const struct result *r)
{
	jw_key(w, "files");
	jw_array(w);
	for (size_t i = 0; i < r->file_count; i++) {
		jw_object(w);
		jw_kstring(w, "path", r->files[i].path);
		jw_kuint(w, "size", r->files[i].size);
		format_content(w, &r->files[i]);
		jw_end_object(w);
	}
	jw_end_array(w);
	if (r->files_incomplete)
		jw_kbool(w, "files_incomplete", true);
}

static void format_reasons(struct json_writer *w, const struct result *r)
{
	jw_key(w, "reasons");
	jw_array(w);
	for (unsigned i = 0; i < r->reason_count; i++)
		jw_string(w, reason_name(r->reasons[i]));
	jw_end_array(w);
	text_or_null(w, "denied_syscall", r->denied_syscall);
}

static void format_place(struct json_writer *w, const struct result *r)
{
	jw_kstring(w, "backend", r->backend);
	jw_kstring(w, "profile", r->profile);
	text_or_null(w, "language", r->language);
	jw_kint(w, "tier", r->tier);
	jw_key(w, "missing");
	jw_array(w);
	for (unsigned i = 0; i < WALL_COUNT; i++)
		if (r->missing & 1u << i)
			jw_string(w, wall_name(i));
	jw_end_array(w);
	jw_kstring(w, "start", r->start);
	jw_key(w, "limits");
	jw_object(w);
	for (const struct limit_row *row = limit_rows; row->name; row++)
		jw_kuint(w, row->json, limit_get(&r->limits, row));
	jw_end_object(w);
}

static void format_one(struct json_writer *w, const struct result *r)
{
	jw_object(w);
	jw_kstring(w, "id", r->id);
	jw_kstring(w, "status", run_status_name(r->status));
	if (*r->message)
		jw_kstring(w, "message", r->message);
	count_or_null(w, "exit_code", r->exit_code);
	count_or_null(w, "signal", r->signal ? r->signal : -1);
	format_output(w, r);
	format_reasons(w, r);
	number_or_null(w, "wall_ms", r->wall_ms);
	number_or_null(w, "build_ms", r->build_ms);
	number_or_null(w, "cpu_ms", r->cpu_ms);
	count_or_null(w, "memory_peak_bytes", r->memory_peak_bytes);
	count_or_null(w, "processes_peak", r->processes_peak);
	format_files(w, r);
	jw_key(w, "compile");
	if (r->compile)
		format_one(w, r->compile); /* at most one deep */
	else
		jw_null(w);
	format_place(w, r);
	jw_end_object(w);
}

void result_format(const struct result *r, struct buf *out)
{
	struct json_writer w;

	jw_init(&w, out);
	format_one(&w, r);
}
