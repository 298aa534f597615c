/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row a status. The server's own words are quoted, cut, with everything
 * that looks like a key blotted out: some services repeat parts of it.
 */
#include "agentlib/model/model_error.h"

#include "agentlib/model/secret.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>

#define BODY_MAX ((size_t)1024 * 1024)

static const struct {
	int status;
	enum err_code code;
	const char *what;
	const char *remedy; /* NULL: none, or remedy() knows more */
} rows[] = {
	{ 400, ERR_INVALID, "refuses the request", NULL },
	{ 401, ERR_UNAUTHENTICATED, "does not accept the API key", NULL },
	{ 402, ERR_FORBIDDEN, "wants to be paid", "check the account" },
	{ 403, ERR_FORBIDDEN, "does not allow this", NULL },
	{ 404, ERR_NOT_FOUND, "finds no such model or address",
	  "check the model's name, and that base_url ends where the service "
	  "says (often in /v1)" },
	{ 405, ERR_NOT_FOUND, "is no chat completions service",
	  "check base_url (it often ends in /v1)" },
	{ 408, ERR_DEADLINE, "took too long", NULL },
	{ 409, ERR_CONFLICT, "reports a conflict", NULL },
	{ 413, ERR_TOO_LARGE, "finds the request too large",
	  "shorten the conversation" },
	{ 422, ERR_INVALID, "refuses the request", NULL },
	{ 429, ERR_RATE_LIMITED, "has had too many requests",
	  "wait, or use another key or model" },
};

/* Text of at most `size` - 1 bytes on one line, not cutting a character. */
static void quote(char *out, size_t size, const char *text)
{
	size_t len = strnlen(text, size);

	if (len >= size)
		len = str_utf8_cut(text, size - 1);
	memcpy(out, text, len);
	out[len] = 0;
	for (char *p = out; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
}

static const struct json *first(const struct json *j)
{
	return json_is(j, JSON_ARRAY) ? json_child(j) : j;
}

bool model_error_words(const struct json *j, char *out, size_t size)
{
	const struct json *error = json_get(first(j), "error");
	const char *text = json_string(json_get(error, "message"));

	if (!text)
		text = json_string(error);
	if (!text)
		text = json_string(json_get(j, "message"));
	if (!text)
		text = json_string(json_get(j, "detail"));
	if (!text && !json_is(error, JSON_OBJECT))
		return false;
	quote(out, size, text ? text : "an error without words");
	return true;
}

bool model_error_quota(const char *body, size_t len)
{
	_auto_json_ struct json *j = json_parse(body, len, BODY_MAX, NULL);
	const struct json *error = json_get(first(j), "error");

	return str_equal(json_string(json_get(error, "code")),
			 "insufficient_quota") ||
	       str_equal(json_string(json_get(error, "type")),
			 "insufficient_quota");
}

/* ": words", or "" when the body has none that a person could read. */
static void say(const struct model_error_facts *f, char *out, size_t size)
{
	_auto_json_ struct json *j = json_parse(f->body, f->body_len, BODY_MAX,
						NULL);
	bool text = f->body_len > 0 && f->body[0] != '<' &&
		    str_utf8_valid(f->body, f->body_len);

	out[0] = 0;
	if (j ? !model_error_words(j, out + 2, size - 2) : !text)
		return;
	if (!j)
		quote(out + 2, size - 2, f->body);
	secret_redact(out + 2, f->key);
	if (out[2])
		memcpy(out, ": ", 2);
}

static int redirected(const struct model_error_facts *f, struct err *err)
{
	err_set(err, ERR_UNAVAILABLE,
		"%.200s answers with a redirect (%d) to %.200s, which is not "
		"followed",
		f->url, f->status, *f->location ? f->location : "somewhere");
	return err_try(err, "set base_url to the new address");
}

static int unavailable(const struct model_error_facts *f, const char *words,
		       struct err *err)
{
	err_set(err, ERR_UNAVAILABLE, "%.160s fails with status %d%s", f->url,
		f->status, words);
	if (f->tries > 1)
		return err_try(err, "again later; %u tries were made",
			       f->tries);
	return err_try(err, "again later");
}

static void remedy(const struct model_error_facts *f, const char *text,
		   struct err *err)
{
	if (f->status == 429 && model_error_quota(f->body, f->body_len))
		err_try(err, "check the plan and payment of the account");
	else if (f->status == 429 && f->retry_after_ms != UINT64_MAX)
		err_try(err, "again in %llu seconds; the service says so",
			(unsigned long long)((f->retry_after_ms + 999) / 1000));
	else if (f->status == 401 && !f->key)
		err_try(err, "set %s; no key was sent", f->key_source);
	else if (f->status == 401 || f->status == 403)
		err_try(err, "check the key in %s", f->key_source);
	else if (f->status == 404 && f->missing)
		err_try(err, "%s", f->missing);
	else if (text)
		err_try(err, "%s", text);
}

int model_error_status(const struct model_error_facts *f, struct err *err)
{
	char words[240];
	size_t i = 0;

	if (f->status >= 300 && f->status < 400)
		return redirected(f, err);
	say(f, words, sizeof(words));
	while (i < ARRAY_LEN(rows) && rows[i].status != f->status)
		i++;
	if (i == ARRAY_LEN(rows) && f->status >= 500)
		return unavailable(f, words, err);
	if (i == ARRAY_LEN(rows))
		return err_set(err, ERR_UNAVAILABLE,
			       "%.160s answers with status %d%s", f->url,
			       f->status, words);
	err_set(err, rows[i].code, "%.120s %s (%d, model \"%.60s\")%s", f->url,
		rows[i].what, f->status, f->model, words);
	remedy(f, rows[i].remedy, err);
	return err ? -(int)err->code : -(int)rows[i].code;
}
