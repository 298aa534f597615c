/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares a request with a step of the recording and lays out the bytes of
 * the answer. No sockets: replay_server_prog.c sends the pieces. The members
 * of a step are listed there.
 */
#include "tests/support/replay_answer.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

#include <stdio.h>
#include <string.h>

static void add_piece(struct replay_answer *a, uint64_t delay_ms,
		      const char *data, size_t len)
{
	struct replay_piece *p = mem_zero(1, sizeof(*p) + len);

	p->delay_ms = delay_ms;
	p->len = len;
	memcpy(p->data, data, len);
	*a->last = p;
	a->last = &p->next;
}

static void add_chunk(struct replay_answer *a, uint64_t delay_ms,
		      const char *data, size_t len)
{
	struct buf b;

	buf_init(&b, REPLAY_MAX);
	if (len > 0) {
		buf_printf(&b, "%zx\r\n", len);
		buf_add(&b, data, len);
		buf_puts(&b, "\r\n");
		add_piece(a, delay_ms, b.data, b.len);
	}
	buf_finish(&b);
}

static uint64_t number(const struct json *j, const char *key,
		       uint64_t otherwise)
{
	double v = json_number(json_get(j, key), (double)otherwise);

	return v < 0 ? 0 : (uint64_t)v;
}

static void add_head(struct replay_answer *a, const struct json *step,
		     const char *type, long length)
{
	const struct json *h = json_child(json_get(step, "headers"));
	bool typed = json_get(json_get(step, "headers"), "Content-Type");
	struct buf b;

	buf_init(&b, 65536);
	buf_printf(&b, "HTTP/1.1 %d Replayed\r\n",
		   (int)number(step, "status", 200));
	for (; h; h = json_next(h))
		buf_printf(&b, "%s: %s\r\n", json_key(h), json_string(h));
	if (!typed)
		buf_printf(&b, "Content-Type: %s\r\n", type);
	if (length >= 0)
		buf_printf(&b, "Content-Length: %ld\r\n\r\n", length);
	else
		buf_puts(&b, "Transfer-Encoding: chunked\r\n\r\n");
	add_piece(a, number(step, "delay_ms", 0), b.data, b.len);
	buf_finish(&b);
}

static void add_json(struct replay_answer *a, const struct json *step,
		     const char *json)
{
	add_head(a, step, "application/json", (long)strlen(json));
	add_piece(a, 0, json, strlen(json));
}

static int64_t words(const char *text)
{
	int64_t n = 0;

	for (; *text; text += strcspn(text, " \t\n")) {
		text += strspn(text, " \t\n");
		n += *text != 0;
	}
	return n;
}

static void write_usage(struct json_writer *w, const char *request,
			const char *reply)
{
	jw_key(w, "usage");
	jw_object(w);
	jw_kint(w, "prompt_tokens", words(request));
	jw_kint(w, "completion_tokens", words(reply));
	jw_kint(w, "total_tokens", words(request) + words(reply));
	jw_end_object(w);
}

static void add_completion(struct replay_answer *a, const struct json *step,
			   const char *request, const char *reply)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, REPLAY_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_kstring(&w, "id", "replayed");
	jw_kstring(&w, "object", "chat.completion");
	jw_kstring(&w, "model", "replay");
	jw_key(&w, "choices");
	jw_array(&w);
	jw_object(&w);
	jw_kint(&w, "index", 0);
	jw_key(&w, "message");
	jw_object(&w);
	jw_kstring(&w, "role", "assistant");
	jw_kstring(&w, "content", reply);
	jw_end_object(&w);
	jw_kstring(&w, "finish_reason", "stop");
	jw_end_object(&w);
	jw_end_array(&w);
	write_usage(&w, request, reply);
	jw_end_object(&w);
	add_json(a, step, b.data);
	buf_finish(&b);
}

/* One event; `text` NULL: the last, with the reason. */
static void add_event(struct replay_answer *a, uint64_t delay_ms,
		      const char *text, size_t len)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, REPLAY_MAX);
	buf_puts(&b, "data: ");
	jw_init(&w, &b);
	jw_object(&w);
	jw_kstring(&w, "object", "chat.completion.chunk");
	jw_key(&w, "choices");
	jw_array(&w);
	jw_object(&w);
	jw_kint(&w, "index", 0);
	jw_key(&w, "delta");
	jw_object(&w);
	if (text) {
		jw_key(&w, "content");
		jw_string_n(&w, text, len);
	}
	jw_end_object(&w);
	jw_kstring(&w, "finish_reason", text ? NULL : "stop");
	jw_end_object(&w);
	jw_end_array(&w);
	jw_end_object(&w);
	buf_puts(&b, "\n\n");
	add_chunk(a, delay_ms, b.data, b.len);
	buf_finish(&b);
}

static void add_stream(struct replay_answer *a, const struct json *step,
		       const char *request, const char *reply)
{
	uint64_t pause = number(step, "pause_ms", 0);
	struct json_writer w;
	struct buf b;

	add_head(a, step, "text/event-stream", -1);
	for (const char *p = reply; *p;) {
		size_t len = strspn(p, " \n");

		len += strcspn(p + len, " \n");
		add_event(a, pause, p, len);
		p += len;
	}
	add_event(a, pause, NULL, 0);
	buf_init(&b, 4096);
	if (strstr(request, "\"include_usage\":true")) {
		buf_puts(&b, "data: ");
		jw_init(&w, &b);
		jw_object(&w);
		jw_key(&w, "choices");
		jw_raw(&w, "[]");
		write_usage(&w, request, reply);
		jw_end_object(&w);
		buf_puts(&b, "\n\n");
	}
	buf_puts(&b, "data: [DONE]\n\n");
	add_chunk(a, 0, b.data, b.len);
	buf_finish(&b);
	add_piece(a, 0, "0\r\n\r\n", 5);
}

static void add_chunks(struct replay_answer *a, const struct json *step)
{
	const struct json *p = json_child(json_get(step, "chunks"));

	add_head(a, step, "text/event-stream", -1);
	for (; p; p = json_next(p)) {
		const char *data = json_string(json_get(p, "data"));

		add_chunk(a, number(p, "delay_ms", 0), data ? data : "",
			  data ? strlen(data) : 0);
	}
	if (!json_bool(json_get(step, "close"), false))
		add_piece(a, 0, "0\r\n\r\n", 5);
}

/* ---- is the request the expected one? ---- */

static bool has_text(const struct json *j, const char *text)
{
	const char *s = json_string(j);

	if (s && strstr(s, text))
		return true;
	for (const struct json *k = json_child(j); k; k = json_next(k))
		if (has_text(k, text))
			return true;
	return false;
}

/* NULL, or why not; freed by mem_free(). */
static char *mismatch(const struct json *step, const char *body)
{
	_auto_json_ struct json *j = json_parse(body, strlen(body), REPLAY_MAX,
						NULL);
	const struct json *t;

	for (t = json_child(json_get(step, "expect")); t; t = json_next(t))
		if (!strstr(body, json_string(t)) &&
		    !has_text(j, json_string(t)))
			return mem_printf("the recording expects this text in "
					  "the request, which lacks it: %s",
					  json_string(t));
	for (t = json_child(json_get(step, "forbid")); t; t = json_next(t))
		if (strstr(body, json_string(t)) || has_text(j, json_string(t)))
			return mem_printf("the recording forbids this text, "
					  "which the request has: %s",
					  json_string(t));
	return NULL;
}

static void refuse(struct replay_answer *a, const char *why)
{
	static const char step[] = "{\"status\":422}";
	_auto_json_ struct json *j = json_parse(step, strlen(step), 100, NULL);
	struct json_writer w;
	struct buf b;

	a->refused = true;
	fprintf(stderr, "replay server: %s\n", why);
	buf_init(&b, REPLAY_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "error");
	jw_object(&w);
	jw_kstring(&w, "message", why);
	jw_kstring(&w, "type", "recording_mismatch");
	jw_end_object(&w);
	jw_end_object(&w);
	add_json(a, j, b.data);
	buf_finish(&b);
}

static bool wants_stream(const char *body)
{
	_auto_json_ struct json *j = json_parse(body, strlen(body), REPLAY_MAX,
						NULL);

	return json_bool(json_get(j, "stream"), false);
}

static void fill(struct replay_answer *a, const struct json *step,
		 const char *body)
{
	const char *reply = json_string(json_get(step, "reply"));
	const char *raw = json_string(json_get(step, "raw"));

	if (raw) {
		add_piece(a, number(step, "delay_ms", 0), raw, strlen(raw));
	} else if (json_get(step, "chunks")) {
		add_chunks(a, step);
	} else if (reply && wants_stream(body)) {
		add_stream(a, step, body, reply);
	} else if (reply) {
		add_completion(a, step, body, reply);
	} else if (json_get(step, "body")) {
		_auto_free_ char *text = json_print(json_get(step, "body"));

		add_json(a, step, text);
	} else if (!a->close) {
		add_json(a, step, "");
	}
}

/* Keeps the head and `keep` bytes of data of a chunked body. */
static void cut_body(struct replay_answer *a, size_t keep)
{
	struct replay_piece *p = a->pieces ? a->pieces->next : NULL;

	for (; p; p = p->next) {
		const char *data = memchr(p->data, '\n', p->len);
		size_t head = data ? (size_t)(data - p->data) + 1 : 0;
		size_t size = p->len > head + 2 ? p->len - head - 2 : 0;

		if (size > keep)
			p->len = keep ? head + keep : 0;
		keep = size > keep ? 0 : keep - size;
	}
}

void replay_answer_make(struct replay_answer *a, const struct json *step,
			const char *body)
{
	_auto_free_ char *why = NULL;

	*a = (struct replay_answer){ 0 };
	a->last = &a->pieces;
	if (!step) {
		refuse(a, "the recording has no more steps");
		return;
	}
	why = mismatch(step, body);
	if (why) {
		refuse(a, why);
		return;
	}
	a->split = (size_t)number(step, "split", 0);
	a->close = json_bool(json_get(step, "close"), false);
	fill(a, step, body);
	if (json_get(step, "cut"))
		cut_body(a, (size_t)number(step, "cut", 0));
}

struct replay_piece *replay_answer_take(struct replay_answer *a)
{
	struct replay_piece *p = a->pieces;

	if (p)
		a->pieces = p->next;
	return p;
}

void replay_answer_finish(struct replay_answer *a)
{
	struct replay_piece *p;

	while ((p = replay_answer_take(a)) != NULL)
		mem_free(p);
}
